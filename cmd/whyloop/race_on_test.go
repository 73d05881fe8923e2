//go:build race

package main

// raceEnabled tells that the race detector is on, which makes everything ten times slower and sees only what two goroutines
// touch. Tests that take one goroutine over the same code again and again, or look at processes built without the
// detector, do less of it then: the run without the detector is the one that counts their cases.
const raceEnabled = true
