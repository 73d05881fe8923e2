package mailtest

import (
	"errors"
	"strings"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-sasl"
)

// mechanisms are the ways to sign in; a password is the OAuth token too, unless Options.Token is set.
func (s *Servers) mechanisms() []string {
	if s.opts.Mechanisms != nil {
		return s.opts.Mechanisms
	}
	return []string{"PLAIN", "LOGIN", "XOAUTH2"}
}

// tokenIn checks a token.
func (s *Servers) tokenIn(name, token string, enter func(*user)) error {
	if s.opts.Token == nil {
		u, err := s.signIn(name, token)
		if err == nil {
			enter(u)
		}
		return err
	}
	u := s.lookup(name)
	if u == nil || !s.opts.Token(name, token) {
		return imapserver.ErrAuthFailed
	}
	enter(u)
	return nil
}

func (s *Servers) saslServer(mech string, enter func(*user)) (sasl.Server, error) {
	check := func(name, password string) error {
		u, err := s.signIn(name, password)
		if err == nil {
			enter(u)
		}
		return err
	}
	switch mech {
	case "PLAIN":
		return sasl.NewPlainServer(func(_, name, password string) error { return check(name, password) }), nil
	case "LOGIN":
		return &loginServer{check: check}, nil
	case "XOAUTH2":
		return &xoauth2Server{check: func(name, token string) error { return s.tokenIn(name, token, enter) }}, nil
	case sasl.OAuthBearer:
		return sasl.NewOAuthBearerServer(func(o sasl.OAuthBearerOptions) *sasl.OAuthBearerError {
			if s.tokenIn(o.Username, o.Token, enter) != nil {
				return &sasl.OAuthBearerError{Status: "invalid_token", Schemes: "bearer"}
			}
			return nil
		}), nil
	}
	return nil, &imap.Error{Type: imap.StatusResponseTypeNo, Text: "SASL mechanism not supported"}
}

// loginServer is the obsolete LOGIN: two questions, two answers.
type loginServer struct {
	check func(name, password string) error
	name  *string
	asked bool
}

func (l *loginServer) Next(response []byte) ([]byte, bool, error) {
	switch {
	case response == nil && !l.asked:
		l.asked = true
		return []byte("Username:"), false, nil
	case l.name == nil:
		name := string(response)
		l.name, l.asked = &name, true
		return []byte("Password:"), false, nil
	}
	return nil, true, l.check(*l.name, string(response))
}

// xoauth2Server is Google's and Microsoft's: a refusal is told in a challenge, which the
// client must answer before it learns the end.
type xoauth2Server struct {
	check   func(name, token string) error
	refused bool
}

func (x *xoauth2Server) Next(response []byte) ([]byte, bool, error) {
	if x.refused {
		return nil, false, imapserver.ErrAuthFailed
	}
	if response == nil {
		return []byte{}, false, nil
	}
	var name, token string
	for field := range strings.SplitSeq(string(response), "\x01") {
		if v, ok := strings.CutPrefix(field, "user="); ok {
			name = v
		}
		if v, ok := strings.CutPrefix(field, "auth=Bearer "); ok {
			token = v
		}
	}
	if name == "" || !strings.HasSuffix(string(response), "\x01\x01") {
		return nil, false, errors.New("malformed XOAUTH2 response")
	}
	if x.check(name, token) != nil {
		x.refused = true
		return []byte(`{"status":"401"}`), false, nil
	}
	return nil, true, nil
}
