package sqlite

import (
	"testing"

	"whyloop/conversation"
	"whyloop/conversation/storetest"
)

func TestStore(t *testing.T) {
	storetest.Run(t,
		func(t *testing.T) conversation.Store { return openStore(t, storePath(t)) },
		storetest.Reopen(func(t *testing.T, s conversation.Store) conversation.Store {
			old := s.(*Store)
			if err := old.Close(); err != nil {
				t.Error(err)
			}
			return openStore(t, old.Path())
		}))
}
