// Command nocgo opens a store in a build without cgo, to show what is said then.
package main

import (
	"fmt"
	"os"

	"whyloop/conversation/sqlite"
)

func main() {
	_, err := sqlite.Open(os.Args[1])
	fmt.Println(err)
}
