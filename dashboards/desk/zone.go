package desk

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"winnow/dashboards/desk/access"
	"winnow/dashboards/desk/words"
)

// zonePath is where a reader chooses between the operator's zone and UTC.
const zonePath = "/zone"

// zoneCookie remembers the choice, for a year. It names nobody.
const (
	zoneCookie = "zone"
	zoneUTC    = "utc"
	zoneOwn    = "own"
	zoneAge    = 365 * 24 * time.Hour
)

// zoneView is what the foot of a page says about its times.
type zoneView struct {
	// Name is the zone's, Other that of the one a click away, and Href leads there;
	// both are empty where there is no other.
	Name, Other, Href string
}

// zoneOf is the zone in which a reader is told times.
func (d *desk) zoneOf(r *http.Request) *time.Location {
	if c, err := r.Cookie(zoneCookie); err == nil && c.Value == zoneUTC {
		return time.UTC
	}
	return d.zone
}

// zoneName names a zone: by its place if it is known by one, else by its letters.
func (d *desk) zoneName(zone *time.Location) string {
	if name := zone.String(); name != "Local" && !strings.HasPrefix(name, "+") && !strings.HasPrefix(name, "-") {
		return name
	}
	return words.Zone(d.now().In(zone))
}

func (d *desk) zoneView(r *http.Request, zone *time.Location) zoneView {
	v := zoneView{Name: d.zoneName(zone)}
	if _, off := d.now().In(d.zone).Zone(); d.zone == time.UTC || off == 0 && d.zoneName(d.zone) == "UTC" {
		return v
	}
	show, other := zoneUTC, time.UTC
	if zone == time.UTC {
		show, other = zoneOwn, d.zone
	}
	v.Other = d.zoneName(other)
	v.Href = zonePath + "?" + url.Values{"show": {show}, "next": {r.URL.RequestURI()}}.Encode()
	return v
}

// chooseZone remembers which zone a reader wants, and leads back to where they were.
func (d *desk) chooseZone(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	if show := query.Get("show"); show == zoneUTC || show == zoneOwn {
		http.SetCookie(w, &http.Cookie{
			Name: zoneCookie, Value: show, Path: "/", MaxAge: int(zoneAge / time.Second),
			HttpOnly: true, Secure: r.TLS != nil, SameSite: http.SameSiteLaxMode,
		})
	}
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, access.SafeNext(query.Get("next")), http.StatusSeeOther)
}
