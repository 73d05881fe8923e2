// Package storetest holds the promises of conversation.Store as tests that every
// engine runs, and a small engine in memory that keeps them.
package storetest
