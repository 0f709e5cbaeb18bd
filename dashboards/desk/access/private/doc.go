// Package private keeps a small file of lines that says who may do what.
//
// It owns that the file can be written by its owner alone, is replaced as a whole,
// under a lock, and belongs to whom it belonged before. Who changes it, and what is
// in it, is for package user and package token.
package private
