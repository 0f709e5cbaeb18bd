// Package draft lets people make and change campaigns in the desk's pages.
//
// It owns the form: its fields, what is wrong with what somebody wrote and at which
// field, how the tags of a draft fold, and the pages at [NewPath], [EditPath] and
// [FoldPath], with their template (draft.html). What was written is kept until it is
// right; before that nothing is changed.
//
// Where campaigns are written down, in which form, and how a change is put to use is
// behind [Book]. What a campaign may be is decided there as well, who may change one by
// package access, and the frame around the pages is the desk's.
package draft
