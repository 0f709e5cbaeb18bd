// Package grafanatest does what Grafana does with a dashboard's SQL before the
// store sees it.
//
// It owns the macros and how variables are pasted in. It is for tests alone, and
// knows no dashboard: those are package grafana's.
package grafanatest
