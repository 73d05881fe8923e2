package templates

import "io/fs"

// ownFiles lists the files of an overlay.
func ownFiles(overlay fs.FS) map[string]bool {
	files := map[string]bool{}
	_ = fs.WalkDir(overlay, ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			files[name] = true
		}
		return nil
	})
	return files
}

// lintAll checks the letters of a writer that come from the given files.
func lintAll(w *Writer, files map[string]bool) []Problem { return nil }
