// Package config reads Winnow's configuration: one YAML file, or none at all.
//
// It owns the file's keys, their defaults and their meaning. Whoever gets
// something wrong hears about everything at once, each with its place in the
// file and what to do about it: package strict sees to that.
//
// A secret stands in a file of its own (url_file, password_file) or in the
// configuration; once read it prints as ***, in dumps, logs and errors alike.
//
// Package edit writes one campaign into the file, and leaves the rest as it is.
//
// It opens nothing but the files it is told to read: whether an address answers
// or a directory can be written is for those who use them. What a hashtag or a
// term may be is decided by packages post and campaign.
package config
