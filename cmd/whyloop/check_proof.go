package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"whyloop/mailer"
	"whyloop/parser"
)

// What proves who wrote a mail: the settings of [trust] are tried on mail that arrived, by the parser that the
// daemon uses.

// judge reads a mail as the daemon would under such settings. Whether it is one of our own does not matter here.
func (u *checkUp) judge(raw []byte, t trustConfig) parser.Message {
	c := u.c
	c.Trust = t
	p := newParser(c, mailer.Keys{})
	p.Own, p.OwnMark = nil, nil
	if t.CheckDKIM {
		p.Resolver = u.env.machine.dns.LookupTXT
	}
	m, err := p.Parse(bytes.NewReader(raw))
	if err != nil {
		return parser.Message{Auth: parser.AuthNone}
	}
	return m
}

// plainID is an authserv-id that may be shown and written into a configuration.
var plainID = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$`)

// authservIDs are the names in the topmost Authentication-Results (RFC 8601 §2.2) and those right below them, as far
// as no hop lies between: what stands deeper may have come with the mail.
func authservIDs(raw []byte) (all []string) {
	head, _, _ := bytes.Cut(raw, []byte("\r\n\r\n"))
	for line := range strings.SplitSeq(strings.ReplaceAll(strings.ReplaceAll(string(head), "\r\n\t", " "), "\r\n ", " "), "\r\n") {
		name, value, _ := strings.Cut(line, ":")
		switch id, _, _ := strings.Cut(value, ";"); {
		case strings.EqualFold(name, "Received") && len(all) > 0:
			return all
		case !strings.EqualFold(name, "Authentication-Results"):
		default:
			words := strings.Fields(id)
			if len(words) > 0 && plainID.MatchString(words[0]) && !slices.Contains(all, words[0]) {
				all = append(all, words[0])
			}
		}
	}
	return all
}

// setting is what would prove this mail; "" for nothing. A name counts only where the parser believes its place
// in the header, so that none comes from the mail's writer.
func (u *checkUp) setting(raw []byte) string {
	for _, id := range authservIDs(raw) {
		if u.judge(raw, trustConfig{Profile: profileStandard, AuthservID: id}).Auth == parser.AuthPass {
			return fmt.Sprintf("trust.authserv_id = %q", id)
		}
	}
	if u.judge(raw, trustConfig{Profile: profileExchangeOnline}).Auth == parser.AuthPass {
		return fmt.Sprintf("trust.profile = %q", profileExchangeOnline)
	}
	return ""
}

// proofOfOurs tells what the server says about mail among its own people, as far as the mail to itself shows it.
func (u *checkUp) proofOfOurs(raw []byte) finding {
	m, better := u.judge(raw, u.c.Trust), u.setting(raw)
	const held = "a mail among your own people is not proven by it, and if reps' mail is not either, their replies are held"
	switch {
	case u.c.strict() && m.Auth == parser.AuthPass:
		return well("the server proves who wrote (%s)", m.AuthBy)
	case u.c.strict() && better != "":
		return warned(better, "what [trust] names proves nothing here; something else would")
	case u.c.strict():
		return warned("see what a rep's mail brings: whyloop check --listen; or sign mail among your own people on the server, or leave trust.authserv_id out",
			"what [trust] names says nothing about the mail to itself%s: %s", u.others(raw), held)
	case better != "":
		return warned(better+"; first see that a rep's mail is proven too: whyloop check --listen", "the server says who wrote, and is not asked")
	}
	return well("the server says nothing that proves who wrote%s; a reply counts if it answers a letter of ours from the rep's address. whyloop check --listen shows what a rep's mail brings", u.others(raw))
}

// proofOfReps tells it of a rep's mail, which is what counts.
func (u *checkUp) proofOfReps(raw []byte) finding {
	m, better := u.judge(raw, u.c.Trust), u.setting(raw)
	switch {
	case u.c.strict() && m.Auth == parser.AuthPass:
		return well("proven by %s: this rep's replies count", m.AuthBy)
	case m.Auth == parser.AuthFail:
		return failed(fmt.Errorf("the mail is said to be forged (%s): this rep's replies are held", m.AuthBy), "look at DKIM and DMARC of the rep's domain")
	case u.c.strict():
		if better == "" {
			better = "sign that domain's mail, or leave trust.authserv_id out"
		}
		return failed(fmt.Errorf("not proven by what [trust] names%s: this rep's replies are held", u.others(raw)), better)
	case better != "":
		return warned(better, "the server proves who wrote, and is not asked: with this a reply counts whatever it answers, and a forged one is held")
	}
	return well("nothing proves who wrote%s; this rep's replies count if they answer a letter of ours", u.others(raw))
}

// others names who else left a word in the header.
func (u *checkUp) others(raw []byte) string {
	ids := authservIDs(raw)
	if len(ids) == 0 {
		return " (there are no Authentication-Results)"
	}
	return fmt.Sprintf(" (Authentication-Results are by %s)", strings.Join(ids, ", "))
}

// fromRep tells what a person's mail was, and whether it can stand for a rep's.
func (u *checkUp) fromRep(a *mailer.Arrived) (yes bool, f finding) {
	m := u.judge(a.Raw, u.c.Trust)
	_, domain, _ := strings.Cut(m.From, "@")
	switch {
	case strings.EqualFold(m.From, u.c.Mailbox.Address):
		return false, failed(errors.New("it comes from the coaching mailbox itself"), "send it from a rep's account: whyloop check --listen")
	case m.Class != parser.Reply && m.Class != parser.Stray:
		return false, failed(fmt.Errorf("it is taken for a machine's (%s, %s), and so would a reply", m.Class, m.Reason), "send it by hand from the rep's mail program")
	case u.c.IMAP.Junk != "" && a.Folder == u.c.IMAP.Junk:
		return true, warned("allow the reps' domains in the spam filter", "arrived from %s, in %s%s", domain, a.Folder, underWay(a, m))
	}
	return true, well("arrived from %s, in %s%s", domain, a.Folder, underWay(a, m))
}

// underWay is how long a mail took, by the clocks of two others; "" where they disagree.
func underWay(a *mailer.Arrived, m parser.Message) string {
	took := a.At.Sub(m.Date)
	if m.Date.IsZero() || took < 0 || took > aDay {
		return ""
	}
	return fmt.Sprintf(", %s after it was written", took.Round(time.Second))
}

// txt is the resolver as libraries want it.
func (u *checkUp) txt(ctx context.Context) func(string) ([]string, error) {
	return func(name string) ([]string, error) { return u.env.machine.dns.LookupTXT(ctx, name) }
}
