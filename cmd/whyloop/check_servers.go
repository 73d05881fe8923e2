package main

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"os"
	"strings"
	"syscall"
	"time"

	"whyloop/mailer"
)

// What `whyloop check` finds out from the mail servers.

// imap signs in, and looks at what the server can do.
func (u *checkUp) imap(ctx context.Context) finding {
	server, err := u.c.server(ctx, "imap", u.c.IMAP.serverConfig)
	if err == nil {
		c := u.c.inbox(server, nil)
		c.Limits = mailer.IMAPTimeouts{Connect: checkWithin / 2, Command: checkWithin / 2, Fetch: checkWithin}
		u.mailbox, err = mailer.OpenMailbox(ctx, c)
	}
	if err != nil {
		return failed(err, u.c.mend("imap", u.c.IMAP.serverConfig, err))
	}
	m := u.mailbox.MailboxReport
	found := fmt.Sprintf("signed in to %s, %s, folder %s", u.c.IMAP.address(), protection(m.Protection), u.c.IMAP.Folder)
	lacks, mends := u.lacks(m)
	if w := u.expiring(m.Protection); w != "" {
		lacks, mends = append(lacks, w), append(mends, "renew the server's certificate")
	}
	if len(lacks) == 0 {
		return well("%s; IDLE, keywords and moving work", found)
	}
	if len(mends) == 0 { // nothing to be done about it, and nothing lost
		return well("%s; %s", found, strings.Join(lacks, "; "))
	}
	return warned(strings.Join(mends, "\n"), "%s; %s", found, strings.Join(lacks, "; "))
}

// lacks tells what the server cannot do, and what to do about it where there is anything.
func (u *checkUp) lacks(m mailer.MailboxReport) (lacks, mends []string) {
	if !m.Idle {
		lacks = append(lacks, fmt.Sprintf("it announces nothing (no IDLE): mail is looked for every %s", spanText(u.c.IMAP.Poll)))
		mends = append(mends, "lower imap.poll, or live with the delay")
	}
	if !m.Keywords {
		lacks = append(lacks, "it keeps no keywords: handled mail is known by its number alone")
	}
	moves := u.c.IMAP.Processed != "" && (m.Move || m.UIDPlus)
	if !m.Keywords && !moves && u.c.IMAP.DeleteAfter > 0 {
		lacks = append(lacks, "so handled mail cannot be told from other mail, and none is deleted by imap.delete_after")
		mends = append(mends, "have the provider delete mail in that mailbox that is older than you promised")
	}
	if u.c.IMAP.Processed != "" && !moves {
		lacks = append(lacks, "it can move nothing safely (no MOVE, no UIDPLUS): handled mail stays")
		mends = append(mends, `imap.processed = ""`)
	}
	if u.c.IMAP.Junk == "" {
		for _, f := range m.Folders {
			if f.Junk {
				lacks = append(lacks, "replies taken for spam are not read")
				mends = append(mends, fmt.Sprintf("imap.junk = %q", f.Name))
				break
			}
		}
	}
	return lacks, mends
}

func protection(p mailer.Protection) string {
	if p.Version == "" {
		return "in the clear on this machine"
	}
	return p.Version
}

// certificateWarning is how long before its end a certificate is told of: most are renewed a month ahead.
const certificateWarning = 14 * aDay

func (u *checkUp) expiring(p mailer.Protection) string {
	if p.Expires.IsZero() || p.Expires.Sub(u.env.now()) > certificateWarning {
		return ""
	}
	return "its certificate ends at " + minute(p.Expires)
}

// smtp signs in and begins a mail in the mailbox's name.
func (u *checkUp) smtp(ctx context.Context) finding {
	s, err := newSender(ctx, u.c)
	var r mailer.SenderReport
	if err == nil {
		r, err = s.Examine(ctx)
	}
	if err != nil {
		return failed(err, u.c.mend("smtp", u.c.SMTP.serverConfig, err))
	}
	u.sender = s
	found := fmt.Sprintf("signed in to %s, %s, may send as %s", u.c.SMTP.address(), protection(r.Protection), u.c.Mailbox.Address)
	if !u.c.SMTP.Password.given() && !u.c.OAuth.opens("smtp") {
		found = strings.Replace(found, "signed in to", "connected without sign-in to", 1)
	}
	if w := u.expiring(r.Protection); w != "" {
		return warned("renew the server's certificate", "%s; %s", found, w)
	}
	return well("%s", found)
}

// mendServer says what usually mends such an error.
func mendServer(name string, s serverConfig, err error) string {
	if mend := mendTLS(name, err); mend != "" {
		return mend
	}
	var dns *net.DNSError
	text := err.Error()
	switch {
	case strings.HasPrefix(text, name+" password: "):
		return fmt.Sprintf("mend the file of %s.password_file, or the command of %s.password_command", name, name)
	case strings.HasPrefix(text, name+".ca_file"):
		return fmt.Sprintf("look at %s.ca_file: it wants a file of certificates in PEM form", name)
	case errors.As(err, &dns):
		return fmt.Sprintf("no such host: look at %s.server, or at this machine's DNS", name)
	case errors.Is(err, syscall.ECONNREFUSED):
		return fmt.Sprintf("nothing listens at %s: look at %s.server and %s.port", s.address(), name, name)
	case errors.Is(err, mailer.ErrSender):
		return fmt.Sprintf("that account may not send as mailbox.address: let it at the provider, or look at %s.username", name)
	case errors.Is(err, mailer.ErrFolder):
		return fmt.Sprintf("look at %s.folder and %s.junk: folders are named as the server lists them", name, name)
	case errors.Is(err, mailer.ErrSignIn), strings.Contains(text, "535"), strings.Contains(text, "534"):
		return fmt.Sprintf("look at %s.username and the password; with two-step sign-in most providers want an app password", name)
	case errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, context.DeadlineExceeded), strings.Contains(text, "does not answer"):
		return fmt.Sprintf("%s does not answer: a firewall, the wrong port, or \"tls\" where it wants \"starttls\"", s.address())
	}
	return fmt.Sprintf("the server is reached, and is not as expected: look at %s.server, %s.port and %s.tls, or try again later", name, name, name)
}

// mendTLS is about protection alone.
func mendTLS(name string, err error) string {
	var unknown x509.UnknownAuthorityError
	var wrongName x509.HostnameError
	var invalid x509.CertificateInvalidError
	text := err.Error()
	switch {
	case errors.As(err, &unknown):
		return fmt.Sprintf("the certificate is signed by an authority this machine does not know: name its certificate in %s.ca_file", name)
	case errors.As(err, &wrongName):
		return fmt.Sprintf("the certificate is for another name: write that name as %s.server", name)
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return "the certificate has ended, or has not begun: renew it on the server, or set this machine's clock"
	case strings.Contains(text, "first record does not look like a TLS handshake"):
		return fmt.Sprintf("that port speaks no TLS from the start: try %s.tls = \"starttls\", or the port for TLS", name)
	case errors.Is(err, mailer.ErrUnprotected), strings.Contains(text, "STARTTLS"):
		return fmt.Sprintf("the server offers no STARTTLS there: try %s.tls = \"tls\" and its port", name)
	}
	return ""
}

// ago writes a span for a person.
func ago(d time.Duration) string {
	if d < time.Second {
		return fmt.Sprintf("%d ms", d.Milliseconds())
	}
	return fmt.Sprintf("%.1f s", d.Seconds())
}
