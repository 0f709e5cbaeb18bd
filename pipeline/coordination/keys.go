package coordination

import (
	"slices"
	"strings"

	"winnow/pipeline/post"
)

// A key is what an account, a post or an object is known by: one byte for its
// platform or kind, then its id.

// platforms are the platforms by their bytes, in order of their names, as
// compareWaiting wants them. Byte 0 is for any other, whose name stands before
// the id.
var platforms = [...]post.Platform{"", post.Archive, post.Bluesky, post.Mastodon, post.X}

// appendKey appends the key of a post or an account.
func appendKey(b []byte, platform post.Platform, id string) []byte {
	n := slices.Index(platforms[:], platform)
	if n > 0 {
		return append(append(b, byte(n)), id...)
	}
	return append(append(append(append(b, 0), platform...), '/'), id...)
}

// keyLen is the length of such a key.
func keyLen(platform post.Platform, id string) int {
	if slices.Contains(platforms[1:], platform) {
		return 1 + len(id)
	}
	return 2 + len(platform) + len(id)
}

// splitKey takes such a key apart.
func splitKey(key string) (platform post.Platform, id string) {
	if key[0] > 0 {
		return platforms[key[0]], key[1:]
	}
	before, id, _ := strings.Cut(key[1:], "/")
	return post.Platform(before), id
}

// kindNames are the kinds of objects by their bytes.
var kindNames = [objectKinds]post.ObjectKind{
	aText: post.ObjectText, anImage: post.ObjectImage, aLink: post.ObjectLink, aRepost: post.ObjectRepost,
	aShared: post.ObjectShared, aMention: post.ObjectMention, aMoment: post.ObjectMoment,
}

func kindOf(k post.ObjectKind) objectKind {
	return objectKind(max(0, slices.Index(kindNames[:], k)))
}

// appendObject appends the key of an object.
func appendObject(b []byte, k objectKind, id string) []byte { return append(append(b, byte(k)), id...) }

// objectOf takes such a key apart.
func objectOf(key string) post.Object { return post.Object{Kind: kindNames[key[0]], ID: key[1:]} }

// objectAt returns the object with a number.
func (c *core) objectAt(object uint32) post.Object {
	return objectOf(c.objects.key(object))
}

// party returns the account with a number.
func (c *core) party(account uint32) Party {
	platform, id := splitKey(c.accounts.key(account))
	return Party{platform, id}
}
