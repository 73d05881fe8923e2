// Package storetest holds the promises of conversation.Store as one suite that every
// engine runs, and Memory, a small engine that keeps them without a disk.
//
// The suite looks at a store from outside, through the five methods of the interface. A
// random walk compares the engine with Memory step by step: where the two differ, one
// of them breaks the contract.
package storetest
