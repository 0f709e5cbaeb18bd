package embedded

import "syscall"

// childAttributes give the child a process group of its own, so that a Ctrl-C
// meant for the parent leaves the store up until the parent has written its
// last, and a signal should the parent die, beside the pipe's end.
func childAttributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGTERM}
}
