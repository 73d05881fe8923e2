package mailer

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Key is a secret from which Message-IDs, reply tokens and our own mark are derived.
type Key struct {
	ID     byte   // a lower-case letter or a digit; stands in every token made with it
	Secret []byte // 32 bytes or more
}

// Keys are the secrets in use: the first mints, all of them verify, so that a key is rotated by
// putting a new one before it.
type Keys struct{ keys []Key }

// minSecret is the least number of bytes of a secret.
const minSecret = 32

// NewKeys checks that there is a key, that none is short and no two share an ID.
func NewKeys(keys ...Key) (Keys, error) {
	if len(keys) == 0 {
		return Keys{}, errors.New("read keys: there is none")
	}
	seen := map[byte]bool{}
	for _, k := range keys {
		switch {
		case !isLowerAlnum(k.ID):
			return Keys{}, fmt.Errorf("read keys: ID %q is not a lower-case letter or digit", k.ID)
		case seen[k.ID]:
			return Keys{}, fmt.Errorf("read keys: ID %q stands twice", k.ID)
		case len(k.Secret) < minSecret:
			return Keys{}, fmt.Errorf("read keys: key %q has %d bytes, %d are needed", k.ID, len(k.Secret), minSecret)
		}
		seen[k.ID] = true
	}
	return Keys{append([]Key(nil), keys...)}, nil
}

// String hides the secrets from anything that prints configuration.
func (Keys) String() string { return "keys" }

// GoString hides them from %#v too.
func (Keys) GoString() string { return "mailer.Keys{...}" }

// What is derived, each under a name of its own so that none can stand for another.
const (
	forMessageID = "message-id"
	forToken     = "reply-token"
	forMark      = "mark"
	forBoundary  = "boundary"
)

// macChars is the length of what is derived, in base32 characters: 120 bits.
const macChars = 24

// tokenChars is the length of a token: the key's ID and the MAC.
const tokenChars = 1 + macChars

func (k Key) mac(purpose, of string) string {
	h := hmac.New(sha256.New, k.Secret)
	h.Write([]byte(purpose + "\x00" + of))
	return string(k.ID) + strings.ToLower(base32.StdEncoding.EncodeToString(h.Sum(nil)))[:macChars]
}

func (k Keys) mint(purpose, of string) string { return k.keys[0].mac(purpose, of) }

// verify compares in constant time.
func (k Keys) verify(purpose, of, token string) bool {
	if len(token) != tokenChars {
		return false
	}
	for _, key := range k.keys {
		if key.ID == token[0] {
			return hmac.Equal([]byte(key.mac(purpose, of)), []byte(token))
		}
	}
	return false
}

// Token is the reply token of a letter.
func (k Keys) Token(letterKey string) string { return k.mint(forToken, letterKey) }

// VerifyToken tells whether a token was made for that letter, by any key still in use.
func (k Keys) VerifyToken(letterKey, token string) bool { return k.verify(forToken, letterKey, token) }

// OwnMark tells whether an X-Whyloop field was written by us for that Message-ID, with or
// without its angle brackets. It fits parser.Parser.OwnMark.
func (k Keys) OwnMark(mark, messageID string) bool {
	return k.verify(forMark, bareID(messageID), strings.TrimSpace(mark))
}

// retired tells whether a token, or the local part of a Message-ID, has the form of ours and a key that is in use no longer.
func (k Keys) retired(s string) bool {
	if !looksLikeToken(s) || len(k.keys) == 0 {
		return false
	}
	return !slices.ContainsFunc(k.keys, func(key Key) bool { return key.ID == s[0] })
}

// looksLikeToken knows the form alone: looking it up in the store is the check.
func looksLikeToken(s string) bool {
	if len(s) != tokenChars {
		return false
	}
	for i := range len(s) {
		if !isLowerAlnum(s[i]) {
			return false
		}
	}
	return true
}

func isLowerAlnum(c byte) bool { return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' }

// bareID takes the angle brackets off a Message-ID (RFC 5322 §3.6.4).
func bareID(id string) string {
	return strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(id), "<"), ">")
}
