//go:build race

package parser

// slowdown is what the race detector costs.
const slowdown = 10
