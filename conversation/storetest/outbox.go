package storetest

import (
	"context"
	"testing"
	"time"

	"whyloop/conversation"
)

func testClaim(t *testing.T, s *suite) {
	b := s.bench(t)
	soon := mail("ann", "soon")
	soon.NotBefore = start.Add(time.Minute)
	past := mail("ann", "past")
	past.NotBefore = start.Add(-time.Hour) // before it was written: it can go at once
	b.enrol("ann", soon, mail("ann", "now"), past)

	b.equal("before it was written", b.claim(start.Add(-1), time.Hour, 9), []string(nil))
	ds, err := b.Claim(context.Background(), start, time.Hour, 1)
	if err != nil {
		t.Fatal(err)
	}
	b.equal("delivery", ds, []conversation.Delivery{{
		Letter: "now", MessageID: "now@whyloop.test", Recipient: "ann@example.com",
		Raw: []byte("Subject: now\r\n\r\nbytes\r\n"), Attempt: 1, Since: start,
	}})
	b.equal("nothing wanted", b.claim(start, time.Hour, 0), []string(nil))
	b.equal("the next", b.claim(start, time.Hour, 9), []string{"past ann@example.com 1"})
	b.equal("just too early", b.claim(start.Add(time.Minute-1), time.Hour, 9), []string(nil))
	if ds, err = b.Claim(context.Background(), start.Add(time.Minute), time.Hour, 9); err != nil || len(ds) != 1 {
		t.Fatalf("claim: %v, %v", ds, err)
	}
	b.equal("since", ds[0].Since, soon.NotBefore)
}

func testClaimLease(t *testing.T, s *suite) {
	b := s.bench(t)
	b.enrol("ann", mail("ann", "l-1"))
	b.equal("first", b.claim(start, time.Minute, 9), []string{"l-1 ann@example.com 1"})
	b.equal("leased", b.claim(start.Add(time.Minute-1), time.Minute, 9), []string(nil))
	b.equal("lease ran out", b.claim(start.Add(time.Minute), time.Minute, 9), []string{"l-1 ann@example.com 2"})
	b.settle("l-1", "ann@example.com", conversation.DeliverySent, start.Add(90*time.Second))
	b.equal("sent", b.claim(later, time.Minute, 9), []string(nil))
}

func testSettle(t *testing.T, s *suite) {
	b := s.bench(t)
	to := "ann@example.com"
	b.enrol("ann", mail("ann", "l-1"))
	b.settle("l-1", to, conversation.DeliveryFailed, start) // nobody has claimed it: not believed
	b.equal("attempt", b.claim(start, time.Minute, 9), []string{"l-1 ann@example.com 1"})
	b.settleAs("l-1", to, conversation.Settlement{State: conversation.DeliveryRetry, Next: start.Add(5 * time.Minute), Code: 451, Note: "refused"}, start)
	b.equal("waits although its lease is over", b.claim(start.Add(5*time.Minute-1), time.Minute, 9), []string(nil))
	b.equal("next attempt", b.claim(start.Add(5*time.Minute), time.Hour, 9), []string{"l-1 ann@example.com 2"})
	b.settle("l-1", to, conversation.DeliveryRetry, start.Add(6*time.Minute)) // without Next: at once
	b.equal("next attempt", b.claim(start.Add(6*time.Minute), time.Hour, 9), []string{"l-1 ann@example.com 3"})
	b.settle("l-1", to, conversation.DeliverySent, start.Add(7*time.Minute))
	b.settle("l-1", to, conversation.DeliveryFailed, start.Add(8*time.Minute)) // sent stays sent
	b.settle("l-1", to, conversation.DeliveryRetry, start.Add(8*time.Minute))
	b.equal("sent", b.claim(later, time.Minute, 9), []string(nil))

	b.enrol("bob", mail("bob", "l-2"))
	b.claim(start, time.Minute, 9)
	b.settle("l-2", "bob@example.com", conversation.DeliveryRetry, start)
	b.settle("l-2", "bob@example.com", conversation.DeliverySent, start) // by another, whose lease had run out: believed
	b.equal("sent by another", b.claim(later, time.Minute, 9), []string(nil))

	b.settle("unknown", to, conversation.DeliverySent, start)
	b.settle("l-1", "eve@example.com", conversation.DeliverySent, start)
	for _, state := range []conversation.DeliveryState{"", conversation.DeliveryWaiting, conversation.DeliveryClaimed, conversation.DeliveryRevoked} {
		if err := b.Settle(context.Background(), "l-1", to, conversation.Settlement{State: state}, start); err == nil {
			t.Errorf("settled as %q", state)
		}
	}
}

// testSettleRecipients: one delivery a recipient; a done one is never sent again, a failed
// one keeps nobody else waiting.
func testSettleRecipients(t *testing.T, s *suite) {
	b := s.bench(t)
	l := mail("ann", "summary")
	l.Cc = []conversation.Address{{Mail: "kim@example.com"}, {Mail: "ann@example.com"}, {Mail: "lee@example.com"}}
	b.enrol("ann", l)
	b.equal("each once", b.claim(start, time.Minute, 9),
		[]string{"summary ann@example.com 1", "summary kim@example.com 1", "summary lee@example.com 1"})
	b.settle("summary", "ann@example.com", conversation.DeliverySent, start)
	b.settle("summary", "kim@example.com", conversation.DeliveryFailed, start)
	b.equal("the third", b.claim(start.Add(time.Hour), time.Minute, 9), []string{"summary lee@example.com 2"})
	b.settle("summary", "kim@example.com", conversation.DeliverySent, start) // it got through after all
	f, err := b.Find(context.Background(), conversation.Ref{Tokens: []string{"t-summary"}})
	if err != nil {
		t.Fatal(err)
	}
	b.equal("SentAt", f.SentAt, start)
}
