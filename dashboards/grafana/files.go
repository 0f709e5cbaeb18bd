package grafana

import "embed"

// Files holds the provisioning and the dashboards under the paths they have in
// this folder: "provisioning/…" and "dashboards/<name>.json".
//
//go:embed provisioning dashboards
var Files embed.FS
