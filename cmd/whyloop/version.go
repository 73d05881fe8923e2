package main

import (
	"fmt"
	"runtime"
	"runtime/debug"
)

// release is the version this tree is on its way to, or is.
const release = "0.1.0-dev"

type versionCmd struct{}

// Run prints one line that tells a bug report enough.
func (versionCmd) Run(env *environ) error {
	_, err := fmt.Fprintf(env.stdout, "whyloop %s%s (%s, %s/%s)\n", release, revision(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return err
}

// revision is the commit it was built from, where the build recorded it.
func revision() string {
	info, _ := debug.ReadBuildInfo()
	if info == nil {
		return ""
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && len(s.Value) >= 12 {
			return " " + s.Value[:12]
		}
	}
	return ""
}
