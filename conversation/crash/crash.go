// Package crash lets a test kill whyloop at a named moment. Between the arrival of a mail
// and the settling of its answer there are some twenty moments at which a power cut would
// hurt; each has a Point. In an ordinary build a Point does nothing, and the clock is
// the clock.
//
// Built with the tag crash, the environment decides: WHYLOOP_CRASH=name:n kills the process
// by SIGKILL when the Point of that name is passed for the n-th time, and
// WHYLOOP_AHEAD=16m sets the clock ahead, so that a lease which a killed process left
// behind need not be waited for.
package crash
