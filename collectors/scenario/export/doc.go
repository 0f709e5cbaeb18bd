// Package export writes a scenario as tables, for detectors that read files.
//
// It owns the three files and their columns: posts.csv, labels.csv and
// attacks.csv. Times are Unix seconds. Only posts that match the story's first
// campaign are in them, and all bear its name: others would not have been
// collected.
//
//	posts.csv    campaign,content_id,account_id,timestamp_share,is_retweet,retweet_of,reply_to,hashtags,urls,text
//	labels.csv   account_id,label,attack
//	attacks.csv  content_id,account_id,attack,instance
//
// A label is 1 for an account that acts in concert, 0 for an organic one, and
// empty for one that counts neither way (see scenario.Role.Neither); attack is
// the account's role. Every account of posts.csv has one label. attacks.csv has
// the posts of attacks, each with the attack's kind and its name.
package export
