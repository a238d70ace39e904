//go:build !unix

package host

// socketPathLimit does not matter where go-plugin uses TCP.
const socketPathLimit = 1 << 15

// modeChecked says that the permission bits of a file mean something.
const modeChecked = false

func systemMeans() means { return portable{} }
