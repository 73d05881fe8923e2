//go:build !race

package parser

const slowdown = 1
