package parser

import "testing"

func TestDecodeCharset(t *testing.T) {
	for _, c := range []struct{ label, bytes, want string }{
		{"iso-2022-jp", "\x1b$B$3\x1b(B!", "こ!"},
		{"iso-2022-kr", "\x1b$)C\n\x0e4Y@=\x0f!", "\n다음!"},
		{"iso-2022-cn", "\x1b$)A\x0eDcCG\x0f!", "你们!"},
		{"hz-gb-2312", "~{DcCG~}", "你们"},
		{"gb2312", "\xc4\xe3\xc3\xc7", "你们"},
		{"big5-hkscs", "\xa7A\xa6n", "你好"},
		{"shift_jis", "\x82\xb1", "こ"},
		{"cp932", "\x82\xb1", "こ"},
		{"koi8-r", "\xd0\xd2\xc9", "при"},
		{"cp1251", "\xef\xf0\xe8", "при"},
		{"ibm866", "\xaf\xe0\xa8", "при"},
		{"windows-1255", "\xf9\xec\xe5\xed", "שלום"},
		{"utf-16", "\x00h\x00i", "hi"},
		{"utf-16", "h\x00i\x00", "hi"},
		{"utf-16", "\xff\xfeh\x00i\x00", "hi"},
		{"utf-32", "\x00\x00\x00h\x00\x00\x00i", "hi"},
		{"utf-32le", "h\x00\x00\x00i\x00\x00\x00", "hi"},
		{"utf-7", "Hi Mom +Jjo-!", "Hi Mom ☺!"},
		{"\"UTF8\"", "é", "é"},
		{"utf-8", "caf\xe9", "café"},
		{"utf-8", "é\xff\xc3\xa9", "é\uFFFDé"},
		{"x-nonsense", "caf\xe9", "café"},
		{"iso-8859-1", "\x93x\x94", "“x”"},
	} {
		if got := decodeCharset(c.label, []byte(c.bytes)); got != c.want {
			t.Errorf("%s %q: %q, want %q", c.label, c.bytes, got, c.want)
		}
	}
}
