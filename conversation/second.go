package conversation

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"
)

// Second is another address that answered a letter of ours as if it were the rep's, and what they said of
// it at the address that is known. Only their own yes makes it an alias.
type Second struct {
	Mail    string    `json:"mail"`    // lower case
	Letters []string  `json:"letters"` // keys of the letters that spoke of it
	At      time.Time `json:"at"`      // when they were asked
	Answer  YesNo     `json:"answer,omitempty"`
}

// How often a rep is asked about other addresses, whoever writes from them: each address once a year, one at a
// time, so many in a season. Who holds a letter of theirs could else have us write to them without end.
const (
	secondOpen   = 14 * 24 * time.Hour // silence after which another may be asked about
	secondSeason = 90 * 24 * time.Hour
	maxSeconds   = 3
	secondKept   = 365 * 24 * time.Hour
	longestMail  = 100 // characters of an address that is shown
)

// Stranger is a mail that answers a letter of ours and proves an address that is not the rep's.
type Stranger struct {
	ID   string // the mail's dedup key; the mail itself is held, and judged again after a yes
	From string // lower case
}

// Key implements Event. It is not the mail's own, by which that is handled once it is theirs.
func (s Stranger) Key() string { return "stranger/" + s.ID }

// ask has a rep asked, where the mail of a stranger could be theirs. The stranger gets nothing.
func (k *Coach) ask(ctx context.Context, in Inbound, f Found) error {
	if k.unproven(in, f) != "" {
		return nil
	}
	taken, err := k.taken(ctx, f.Conversation, in.Ref.From)
	if taken {
		return err
	}
	ev := Stranger{ID: in.Key, From: strings.ToLower(in.Ref.From)}
	d := Decide(f.Conversation, ev, k.Policy, k.Now())
	if len(d.Prompts) == 0 {
		return nil
	}
	if err := k.apply(ctx, ev, d); !errors.Is(err, ErrHandled) {
		return err
	}
	return nil
}

// taken reports whether an address is known already, be it as somebody else's; with an error it may be.
func (k *Coach) taken(ctx context.Context, c Conversation, address string) (bool, error) {
	if strings.EqualFold(address, c.Rep.Manager.Mail) || strings.EqualFold(address, k.Policy.Contact.Mail) {
		return true, nil
	}
	_, err := k.Store.Find(ctx, Ref{From: strings.ToLower(address)})
	if errors.Is(err, ErrNotFound) {
		return false, nil
	}
	return true, err
}

// second returns the index of the address that a letter spoke of, or -1.
func (c Conversation) second(letter string) int {
	return slices.IndexFunc(c.Seconds, func(s Second) bool { return slices.Contains(s.Letters, letter) })
}

// stranger asks the rep at the known address, within bounds, and says nothing of what was written.
func (t *turn) stranger(ev Stranger) {
	if !t.mayAskAbout(ev.From) {
		return
	}
	t.tell(KindAddress, func(s *Say) { s.Line = ev.From })
	t.c.Seconds = append(t.recentSeconds(), Second{Mail: ev.From, Letters: []string{t.key(KindAddress)}, At: t.now.UTC()})
}

// recentSeconds drops what is over a year old, but for aliases: their letters can still take them back.
func (t *turn) recentSeconds() []Second {
	return slices.DeleteFunc(slices.Clone(t.c.Seconds), func(s Second) bool {
		return s.Answer != Yes && t.now.Sub(s.At) >= secondKept
	})
}

func (t *turn) mayAskAbout(address string) bool {
	if t.c.End != NotEnded || t.c.Held != "" || t.c.Paused || t.full() || !plainMail(address) {
		return false
	}
	season := 0
	for _, s := range t.recentSeconds() {
		since := t.now.Sub(s.At)
		if s.Mail == address || s.Answer == Neither && since < secondOpen {
			return false
		}
		if since < secondSeason {
			season++
		}
	}
	return season < maxSeconds
}

// plainMail reports whether an address can be shown to a rep: nobody may write them a message in its quotes.
func plainMail(address string) bool {
	return len(address) <= longestMail && !strings.ContainsFunc(address, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || strings.ContainsRune("@.+-_=", r))
	})
}

// atSecond takes what the rep says of another address: yes makes it theirs, and no ends that, whenever it comes.
func (t *turn) atSecond(r Reply) {
	i := t.c.second(r.Letter)
	if i < 0 {
		t.again(KindNow)
		return
	}
	t.c.Seconds = slices.Clone(t.c.Seconds)
	s := &t.c.Seconds[i]
	linked := t.c.Rep.wrote(s.Mail)
	switch answer := r.Heard.Answer; {
	case answer == Yes && !r.Taken:
		t.c.Rep.Aliases = append(slices.Clone(t.c.Rep.Aliases), s.Mail)
		t.out.Linked = true
		t.tellSecond(s, linkedYes)
	case answer == No && linked:
		t.c.Rep.Aliases = slices.DeleteFunc(slices.Clone(t.c.Rep.Aliases), func(a string) bool { return strings.EqualFold(a, s.Mail) })
		t.tellSecond(s, linkedNo)
	case answer == Neither:
		t.again(KindNow)
		return
	}
	s.Answer = r.Heard.Answer
}

// The variants of LINKED.
const linkedYes, linkedNo = 0, 1

func (t *turn) tellSecond(s *Second, variant int) {
	t.tellVariant(KindLinked, variant, func(say *Say) { say.Line = s.Mail })
	s.Letters = append(slices.Clone(s.Letters), t.key(KindLinked))
}

// wrote reports whether an address is the rep's own.
func (r Rep) wrote(address string) bool {
	return strings.EqualFold(address, r.Address.Mail) ||
		slices.ContainsFunc(r.Aliases, func(a string) bool { return strings.EqualFold(a, address) })
}
