package storetest_test

import (
	"testing"

	"whyloop/conversation"
	"whyloop/conversation/storetest"
)

func TestMemory(t *testing.T) {
	storetest.Run(t, func(*testing.T) conversation.Store { return storetest.NewMemory() },
		storetest.Reopen(func(_ *testing.T, s conversation.Store) conversation.Store { return s }))
}
