package conversation_test

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"whyloop/conversation"
)

// act does what machines and admins do.
func (s *stage) act(words []string) {
	s.t.Helper()
	ctx := s.t.Context()
	switch words[0] {
	case "enrol":
		s.coach.NewID = func() string { return "c1" }
		_, err := s.coach.Enrol(ctx, sam())
		s.must(err)
	case "lead":
		s.coach.NewID = func() string { return "c0" }
		r := sam()
		r.Name, r.Address, r.Manager, r.Lead = "Robin", conversation.Address{Name: "Robin", Mail: "robin@example.com"}, conversation.Address{}, true
		_, err := s.coach.Enrol(ctx, r)
		s.must(err)
	case "rungs":
		n, err := strconv.Atoi(words[1])
		s.must(err)
		s.coach.Policy.MaxRungs = n
	case "bounce", "soft", "away":
		s.notice(ctx, words)
	default:
		c, ok := s.conversation()
		if !ok {
			s.t.Fatalf("%v: nobody is enrolled", words)
		}
		s.mails++
		a := conversation.Act{ID: fmt.Sprintf("act%04d", s.mails), Verb: conversation.ActVerb(words[0])}
		if words[0] == "manager" {
			a.Verb, a.Rep = conversation.ActEdit, c.Rep
			a.Rep.Manager = conversation.Address{Name: words[1], Mail: strings.ToLower(words[1]) + "@example.com"}
		} else if words[0] == "address" {
			a.Verb, a.Rep = conversation.ActEdit, c.Rep
			a.Rep.Aliases, a.Rep.Address.Mail = []string{a.Rep.Address.Mail}, words[1] // the play goes on with the old one
		} else if len(words) > 1 {
			n, err := strconv.Atoi(words[1])
			s.must(err)
			a.Days = n
		}
		_, err := s.coach.Act(ctx, c, a)
		s.must(err)
	}
}

func (s *stage) notice(ctx context.Context, words []string) {
	s.t.Helper()
	s.mails++
	n := conversation.Notice{ID: fmt.Sprintf("mail%04d", s.mails), Recipient: "sam@example.com", At: s.now,
		Ref: conversation.Ref{Tokens: []string{s.read[len(s.read)-1].Token}}}
	switch words[0] {
	case "bounce":
		n.Kind, n.Status = conversation.NoticeHard, "5.1.1"
	case "soft":
		n.Kind, n.Status = conversation.NoticeSoft, "4.2.2"
	case "away":
		n.Kind = conversation.NoticeAbsence
		if len(words) > 1 {
			n.Back = s.when(words[1] + " 08:00")
		}
	}
	_, err := s.coach.Notice(ctx, n)
	s.must(err)
}
