package sqlite

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"whyloop/conversation"
)

var monday = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

// open opens a store that is closed with the test.
func openStore(t testing.TB, path string, opts ...Option) *Store {
	t.Helper()
	s, err := Open(path, opts...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func storePath(t testing.TB) string {
	return filepath.Join(t.TempDir(), "data", "whyloop.db")
}

func sam(id string) conversation.Conversation {
	return conversation.Conversation{
		ID: id,
		Rep: conversation.Rep{
			Name:    "Sam",
			Address: conversation.Address{Name: "Sam Reed", Mail: id + "@Example.com"},
			Manager: conversation.Address{Mail: "kim@example.com"},
			Zone:    "Europe/Berlin",
		},
		State: conversation.State{Stage: conversation.StageInvited},
	}
}

func letterFor(id, key string) conversation.Letter {
	return conversation.Letter{
		Key: key, Conversation: id, Kind: conversation.KindInvite,
		MessageID: key + "@whyloop.test", Token: "token-" + key,
		To:   []conversation.Address{{Mail: id + "@example.com"}},
		Text: "text of " + key, Raw: []byte("Subject: " + key + "\r\n\r\nHello\r\n"),
	}
}

func TestOpenKeepsWhatWasApplied(t *testing.T) {
	ctx := context.Background()
	path := storePath(t)
	s := openStore(t, path)
	c := sam("sam")
	if err := s.Apply(ctx, conversation.Change{Conversation: c, Handled: "enrol", At: monday,
		Letters: []conversation.Letter{letterFor("sam", "invite/sam")}}); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = openStore(t, path)
	f, err := s.Find(ctx, conversation.Ref{Tokens: []string{"token-invite/sam"}})
	if err != nil {
		t.Fatal(err)
	}
	if f.Conversation.Version != 1 || f.Conversation.Rep.Name != "Sam" || f.Letter != "invite/sam" || len(f.Sent) != 1 {
		t.Errorf("found %+v", f)
	}
	if rows, err := s.List(ctx); err != nil || len(rows) != 1 || rows[0].Address != "sam@example.com" {
		t.Errorf("List: %+v, %v", rows, err)
	}
	if st, err := s.Stats(ctx); err != nil || st.Schema != 3 || st.Waiting != 1 {
		t.Errorf("Stats: %+v, %v", st, err)
	}
	if err := s.Check(ctx); err != nil {
		t.Error(err)
	}
	if err := s.Prune(ctx, monday); err != nil {
		t.Error(err)
	}
}
