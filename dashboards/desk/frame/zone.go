package frame

import (
	"net/http"
	"net/url"
	"time"

	"winnow/dashboards/desk/access"
	"winnow/dashboards/desk/words"
)

// ZonePath is where a reader chooses between the operator's zone and UTC.
const ZonePath = "/zone"

// ZoneCookie remembers the choice, for a year. It names nobody.
const (
	ZoneCookie = "zone"
	ZoneUTC    = "utc"
	ZoneOwn    = "own"
	zoneAge    = 365 * 24 * time.Hour
)

// zoneView is what the foot of a page says about its times.
type zoneView struct {
	// Name is the zone's, Other that of the one a click away, and Href leads there;
	// both are empty where there is no other.
	Name, Other, Href string
}

// ZoneOf is the zone in which a reader is told times.
func (f *Frame) ZoneOf(r *http.Request) *time.Location {
	if c, err := r.Cookie(ZoneCookie); err == nil && c.Value == ZoneUTC {
		return time.UTC
	}
	return f.o.Zone
}

// ZoneName names a zone: by its place if it is known by one, else by its letters.
func (f *Frame) ZoneName(zone *time.Location) string {
	return words.Place(f.o.Now().In(zone))
}

func (f *Frame) zoneView(r *http.Request, zone *time.Location) zoneView {
	v := zoneView{Name: f.ZoneName(zone)}
	if _, off := f.o.Now().In(f.o.Zone).Zone(); f.o.Zone == time.UTC || off == 0 && f.ZoneName(f.o.Zone) == "UTC" {
		return v
	}
	show, other := ZoneUTC, time.UTC
	if zone == time.UTC {
		show, other = ZoneOwn, f.o.Zone
	}
	v.Other = f.ZoneName(other)
	v.Href = ZonePath + "?" + url.Values{"show": {show}, "next": {r.URL.RequestURI()}}.Encode()
	return v
}

// ChooseZone remembers which zone a reader wants, and leads back to where they were.
func (f *Frame) ChooseZone(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	if show := query.Get("show"); show == ZoneUTC || show == ZoneOwn {
		http.SetCookie(w, &http.Cookie{
			Name: ZoneCookie, Value: show, Path: "/", MaxAge: int(zoneAge / time.Second),
			HttpOnly: true, Secure: r.TLS != nil, SameSite: http.SameSiteLaxMode,
		})
	}
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, access.SafeNext(query.Get("next")), http.StatusSeeOther)
}
