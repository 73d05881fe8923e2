package conversation

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"
	"unicode"

	"whyloop/conversation/crash"
)

// Coach carries each event through: find whose it is, hear it, decide, put the
// letters into words, and commit all of it at once. It holds no state of its own and is
// safe for concurrent use; two events of one conversation are set in order by the store.
type Coach struct {
	CoachConfig
}

// CoachConfig is what a Coach works with. All fields but Wake, Linked and Ruled are needed.
type CoachConfig struct {
	Store    Store
	Listener Listener
	Writer   Writer
	Composer Composer
	Policy   Policy
	Strict   bool     // a server that vouches for senders is pinned: without its word no mail counts
	Domains  []string // managers' addresses must be in one of these; empty: anywhere
	Closed   []string // addresses that no rep and no manager may have: the mailbox itself, and where the admin hears of troubles
	Secret   []byte   // keys the hash that remembers who left
	NewID    func() string
	Now      func() time.Time
	Log      *slog.Logger
	Wake     func()      // letters were written: the outbox may look
	Linked   func()      // held mail is to be judged again: its address has become a rep's; nil: nobody does
	Ruled    func(Ruled) // a rep confirmed or rejected a why; nil: nobody counts
}

// NewCoach returns a Coach.
func NewCoach(c CoachConfig) *Coach {
	if c.Wake == nil {
		c.Wake = func() {}
	}
	if c.Linked == nil {
		c.Linked = func() {}
	}
	if c.Ruled == nil {
		c.Ruled = func(Ruled) {}
	}
	return &Coach{c}
}

// maxTries bounds how often an event is decided again because the conversation moved
// meanwhile. More than a few times in a row means a fault elsewhere.
const maxTries = 5

// ErrRefused wraps why a rep cannot be enrolled, in words for the admin.
var ErrRefused = errors.New("refused")

// Enrol begins a rep's conversation with an invite. ErrExists when their address has one;
// ErrRefused when a promise of the letters would be untrue.
func (k *Coach) Enrol(ctx context.Context, r Rep) (Conversation, error) {
	if err := k.Admits(r); err != nil {
		return Conversation{}, err
	}
	c := Conversation{ID: k.NewID(), Rep: r}
	ev := Enrolled{ID: c.ID}
	if lead, err := k.Store.Find(ctx, Ref{From: strings.ToLower(r.Manager.Mail)}); err == nil && lead.Conversation.lends() {
		ev.Line, ev.Why = lead.Conversation.Sharing.Line, lead.Conversation.Why
	}
	d := Decide(c, ev, k.Policy, k.Now())
	if err := k.apply(ctx, ev, d); err != nil {
		return Conversation{}, fmt.Errorf("enrol rep: %w", err)
	}
	return d.Conversation, nil
}

// lends reports whether a manager who went first lets their words stand in invites.
func (c Conversation) lends() bool {
	return c.Rep.Lead && c.Sharing.Why && c.End == NotEnded
}

// Admits answers ErrRefused for a rep whose letters would promise what is not so.
func (k *Coach) Admits(r Rep) error {
	manager := strings.ToLower(r.Manager.Mail)
	_, domain, _ := strings.Cut(manager, "@")
	taken := slices.IndexFunc(k.Closed, func(a string) bool { return strings.EqualFold(a, r.Address.Mail) || strings.EqualFold(a, manager) })
	switch {
	case taken >= 0:
		return fmt.Errorf("%w: %s is whyloop's own mailbox, or where the admin hears of troubles; reps and managers need another address", ErrRefused, k.Closed[taken])
	case strings.TrimSpace(r.Name) == "":
		return fmt.Errorf("%w: the rep needs a name to be greeted by", ErrRefused)
	case r.Lead && manager != "":
		return fmt.Errorf("%w: a manager who goes first has nobody copied; leave the manager out", ErrRefused)
	case r.Lead:
	case strings.ContainsFunc(r.Name+r.Address.Name+r.Manager.Name, moves):
		return fmt.Errorf("%w: a name holds a control character", ErrRefused)
	case manager == "":
		return fmt.Errorf("%w: the rep needs a manager", ErrRefused)
	case strings.TrimSpace(r.Manager.Name) == "":
		return fmt.Errorf("%w: the manager needs a name to be spoken of", ErrRefused)
	case r.wrote(manager):
		return fmt.Errorf("%w: the manager is the rep; a summary needs somebody else to read it", ErrRefused)
	case strings.EqualFold(manager, k.Policy.Contact.Mail):
		return fmt.Errorf("%w: the manager is the contact who can read the server, and every footer says the manager isn't sent this; name another contact", ErrRefused)
	case len(k.Domains) > 0 && !slices.ContainsFunc(k.Domains, func(d string) bool { return strings.EqualFold(d, domain) }):
		return fmt.Errorf("%w: the manager's address is outside allowed_domains", ErrRefused)
	}
	if _, err := time.LoadLocation(r.Zone); err != nil || r.Zone == "" {
		return fmt.Errorf("%w: time zone %q is unknown; use an IANA name like Europe/Berlin", ErrRefused, r.Zone)
	}
	if known := k.Policy.Languages; len(known) > 0 && !slices.Contains(known, r.Language) {
		return fmt.Errorf("%w: there are no letters in %q; there are in %s", ErrRefused, r.Language, strings.Join(known, ", "))
	}
	return nil
}

// moves tells a character that moves a cursor or the direction of reading: none belongs to a name, and
// a terminal or a mail client would obey it.
func moves(r rune) bool { return unicode.IsControl(r) || unicode.In(r, unicode.Bidi_Control) }

// LeftHash is the keyed hash by which the address of a person who left is remembered.
func (k *Coach) LeftHash(address string) string {
	mac := hmac.New(sha256.New, k.Secret)
	mac.Write([]byte("left\x00" + strings.ToLower(address)))
	return hex.EncodeToString(mac.Sum(nil))
}

// Receive implements Receiver.
func (k *Coach) Receive(ctx context.Context, in Inbound) (Result, error) {
	gone := false
	for range maxTries {
		res, err := k.receive(ctx, in, gone)
		switch {
		case errors.Is(err, ErrHandled):
			return Result{Conversation: res.Conversation, Done: true, Again: true}, nil
		case errors.Is(err, ErrClaimed):
			gone = true
		case errors.Is(err, ErrConflict):
		default:
			return res, err
		}
	}
	return Result{}, fmt.Errorf("receive reply: %w", ErrConflict)
}

func (k *Coach) receive(ctx context.Context, in Inbound, gone bool) (Result, error) {
	found, err := k.Store.Find(ctx, in.Ref)
	if errors.Is(err, ErrNotFound) {
		return Result{Hold: "unknown-sender"}, nil
	}
	if err != nil {
		return Result{}, fmt.Errorf("find conversation: %w", err)
	}
	c := found.Conversation
	res := Result{Conversation: c.ID}
	if res.Hold = k.distrust(in, found); res.Hold != "" {
		return k.fromOthers(ctx, in, found, res)
	}
	v, err := in.Mail.Visible(Known{Sent: found.Sent, Name: c.Rep.Name, Address: c.Rep.Address.Mail, Footers: c.Footers})
	if err != nil {
		res.Hold = "unreadable"
		return res, nil
	}
	now := k.Now()
	ev := k.hear(ctx, c, found, in, v.Text, gone, now)
	if i := c.second(found.Letter); i >= 0 {
		taken, err := k.taken(ctx, c, c.Seconds[i].Mail)
		if err != nil {
			return Result{}, fmt.Errorf("find conversation: %w", err)
		}
		ev.Taken = taken || !strings.EqualFold(in.Ref.From, c.Rep.Address.Mail)
	}
	d := Decide(c, ev, k.Policy, now)
	d.Conversation.Footers = learn(d.Conversation.Footers, v.Footer)
	res.Hold, res.Done = d.Hold, d.Hold == ""
	return res, k.apply(ctx, ev, d)
}

// quick is how soon after our letter a mail that words an absence is taken for a machine's.
const quick = time.Minute

// hear makes the event of a mail: its words, heard with the ladder they belong to.
func (k *Coach) hear(ctx context.Context, c Conversation, f Found, in Inbound, text string, gone bool, now time.Time) Reply {
	r := Reply{ID: in.Key, MessageID: in.MessageID, Letter: f.Letter, LetterKind: f.LetterKind, LetterAt: f.SentAt, Digest: in.Digest, Gone: gone}
	r.Absence = in.Absence && !f.SentAt.IsZero() && in.At.Sub(f.SentAt) < quick
	ladder, before := c.Hearing(r, now)
	r.Heard = k.Listener.Hear(ladder, text)
	decisive := r.Heard
	if before != "" && text != "" {
		joined := k.Listener.Hear(ladder, before+"\n"+text)
		r.Joined, decisive = &joined, joined
	}
	if r.Heard.Answer == No {
		decisive = r.Heard
	}
	if decisive.Answer == No && decisive.Rest != "" {
		rest := k.Listener.Hear(ladder, decisive.Rest)
		r.Rest = &rest
	}
	k.advise(ctx, c, ladder, &r, now)
	return r
}

// maxFooters is how many trailing blocks are remembered of a rep.
const maxFooters = 5

func learn(footers []string, footer string) []string {
	if footer == "" || slices.Contains(footers, footer) {
		return footers
	}
	footers = append(slices.Clone(footers), footer)
	return footers[max(0, len(footers)-maxFooters):]
}

// Notice implements Receiver.
func (k *Coach) Notice(ctx context.Context, n Notice) (Result, error) {
	n.Ref.From = ""
	for range maxTries {
		found, err := k.Store.Find(ctx, n.Ref)
		if errors.Is(err, ErrNotFound) || err == nil && found.Letter == "" {
			return Result{}, nil // not about a letter of ours, whatever it claims
		}
		if err != nil {
			return Result{}, fmt.Errorf("find conversation: %w", err)
		}
		n.Letter = found.Letter
		res := Result{Conversation: found.Conversation.ID, Done: true}
		err = k.apply(ctx, n, Decide(found.Conversation, n, k.Policy, k.Now()))
		switch {
		case errors.Is(err, ErrHandled):
			res.Again = true
			return res, nil
		case !errors.Is(err, ErrConflict):
			return res, err
		}
	}
	return Result{}, fmt.Errorf("take notice: %w", ErrConflict)
}

// tickBatch is how many due conversations are loaded at a time.
const tickBatch = 100

// Tick does what is due by now, and returns for how many conversations something was done.
// A conversation that fails does not keep the others waiting; its error is returned at the end.
func (k *Coach) Tick(ctx context.Context) (int, error) {
	done, failed := 0, map[string]bool{}
	var errs []error
	for {
		due, err := k.Store.Due(ctx, k.Now(), tickBatch+len(failed))
		if err != nil {
			return done, fmt.Errorf("load due conversations: %w", err)
		}
		moved := 0
		for _, c := range due {
			if failed[c.ID] {
				continue
			}
			if err := k.tickOne(ctx, c); err != nil {
				failed[c.ID] = true
				errs = append(errs, fmt.Errorf("conversation %s: %w", c.ID, err))
				continue
			}
			moved++
		}
		done += moved
		if moved == 0 || ctx.Err() != nil {
			return done, errors.Join(append(errs, ctx.Err())...)
		}
	}
}

func (k *Coach) tickOne(ctx context.Context, c Conversation) error {
	ev := Due{ID: c.ID, Version: c.Version}
	err := k.apply(ctx, ev, Decide(c, ev, k.Policy, k.Now()))
	if errors.Is(err, ErrConflict) || errors.Is(err, ErrHandled) {
		return nil // someone was quicker: it is loaded again while it is due
	}
	return err
}

// Act carries out an admin's act. ErrConflict when the conversation changed meanwhile; ErrRefused
// when an edit would make the letters promise what is not so.
func (k *Coach) Act(ctx context.Context, c Conversation, a Act) (Conversation, error) {
	if a.Verb == ActEdit {
		if err := k.Admits(a.Rep); err != nil {
			return c, err
		}
	}
	d := Decide(c, a, k.Policy, k.Now())
	return d.Conversation, k.apply(ctx, a, d)
}

// apply words a decision's letters and commits the whole.
func (k *Coach) apply(ctx context.Context, ev Event, d Decision) error {
	change := Change{Conversation: d.Conversation, Handled: ev.Key(), Revoke: d.Revoke, Withdraw: d.Withdraw, Late: d.Late, At: k.Now()}
	if d.Left {
		change.Left = k.LeftHash(d.Conversation.Rep.Address.Mail)
	}
	if err := k.complete(ctx, d); err != nil {
		return err
	}
	for _, p := range d.Prompts {
		letter, err := k.letter(&change.Conversation, p)
		if err != nil {
			return fmt.Errorf("write %s: %w", p.Kind, err)
		}
		change.Letters = append(change.Letters, letter)
	}
	crash.Point("coach.decided")
	if err := k.Store.Apply(ctx, change); err != nil {
		return err
	}
	crash.Point("coach.committed")
	k.Log.Debug("event taken", "conversation", d.Conversation.ID, "stage", d.Conversation.Stage, "letters", len(change.Letters))
	if d.Linked {
		k.Linked()
	}
	if d.Ruled != nil {
		k.Ruled(*d.Ruled)
	}
	if len(change.Letters) > 0 {
		k.Wake()
	}
	return nil
}

// letter words and composes one prompt, and notes it as the last of its thread.
func (k *Coach) letter(c *Conversation, p Prompt) (Letter, error) {
	w, err := k.Writer.Write(p)
	if err != nil {
		return Letter{}, err
	}
	thread := p.Thread.Key()
	h := Head{
		Key: p.Key, Conversation: c.ID, Kind: p.Kind, To: []Address{c.Rep.Address}, NotBefore: p.NotBefore, Date: p.NotBefore,
		Refs: c.Refs[thread], Answers: p.Answers, InReply: p.InReply, Replies: p.Summary == nil, Language: p.Language,
	}
	if p.ToContact {
		h.To, h.Replies = []Address{k.Policy.Contact}, false
		return k.Composer.Compose(h, w)
	}
	if p.Cc {
		h.Cc = []Address{c.Rep.Manager}
	}
	h.Bulk = c.Bulk && !p.Cc // the manager's responder did nothing
	letter, err := k.Composer.Compose(h, w)
	if err != nil {
		return Letter{}, err
	}
	c.refer(thread, p.Answers, letter.MessageID)
	return letter, nil
}

// plainID reports whether a Message-ID can stand in a header of ours. A stranger's may be
// anything; one that is not plain ASCII of some length is left out of the thread.
func plainID(id string) bool {
	if id == "" || len(id) > 250 || !strings.Contains(id, "@") {
		return false
	}
	return strings.IndexFunc(id, func(r rune) bool { return r <= ' ' || r > '~' || r == '<' || r == '>' }) < 0
}

// maxRefs bounds a thread's References: its root and the newest.
const maxRefs = 10

// refer adds Message-IDs to a thread.
func (c *Conversation) refer(thread string, ids ...string) {
	refs := slices.Clone(c.Refs[thread])
	for _, id := range ids {
		if plainID(id) && !slices.Contains(refs, id) {
			refs = append(refs, id)
		}
	}
	if n := len(refs); n > maxRefs {
		refs = append(refs[:1:1], refs[n-maxRefs+1:]...)
	}
	all := make(map[string][]string, len(c.Refs)+1)
	for name, ids := range c.Refs {
		all[name] = ids
	}
	all[thread] = refs
	c.Refs = all
}
