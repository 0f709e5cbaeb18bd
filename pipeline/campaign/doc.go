// Package campaign holds what the operator watches: tags, terms, protected
// accounts and declared actions, and decides which posts belong to it.
//
// It owns the matching of posts to campaigns and of posts to the actions that
// a campaign declared beforehand. It does not read configuration files
// (package config does, and builds these values) and stores nothing.
package campaign
