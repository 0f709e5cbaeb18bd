//go:build !linux

package embedded

import "syscall"

// childAttributes give the child a process group of its own, so that a Ctrl-C
// meant for the parent leaves the store up until the parent has written its last.
func childAttributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true}
}
