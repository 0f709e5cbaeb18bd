package deploy

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/nats-io/nats-server/v2/server"

	"winnow/pipeline/feed"
	"winnow/pipeline/post"
)

func TestServerFilesAreWellFormed(t *testing.T) {
	seen := 0
	err := filepath.WalkDir(".", func(path string, _ fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".xml" {
			return err
		}
		seen++
		d := xml.NewDecoder(strings.NewReader(read(t, path)))
		for {
			if _, err := d.Token(); errors.Is(err, io.EOF) {
				return nil
			} else if err != nil {
				return fmt.Errorf("%s: %w", path, err)
			}
		}
	})
	if err != nil || seen < 7 {
		t.Errorf("%d files: %v", seen, err)
	}
}

// fromEnv is an element whose value the server takes from its environment.
type fromEnv struct {
	Env string `xml:"from_env,attr"`
}

// clusterFile is cluster/clickhouse.xml.
type clusterFile struct {
	Clusters struct {
		All []struct {
			XMLName xml.Name
			Secret  fromEnv `xml:"secret"`
			Shards  []struct {
				InternalReplication bool `xml:"internal_replication"`
				Replicas            []struct {
					Host string `xml:"host"`
					Port int    `xml:"port"`
				} `xml:"replica"`
			} `xml:"shard"`
		} `xml:",any"`
	} `xml:"remote_servers"`
	Shard           fromEnv `xml:"macros>shard"`
	Replica         fromEnv `xml:"macros>replica"`
	InterserverPort int     `xml:"interserver_http_port"`
	InterserverHost fromEnv `xml:"interserver_http_host"`
	Keepers         []struct {
		Host string `xml:"host"`
		Port int    `xml:"port"`
	} `xml:"zookeeper>node"`
	DDL string `xml:"distributed_ddl>path"`
}

// What docs/scaling.md asks of a cluster is there, and Compose, the servers' files
// and Winnow's configuration speak of the same one.
func TestClusterFilesAgree(t *testing.T) {
	var file clusterFile
	readXML(t, "cluster/clickhouse.xml", &file)
	var keeper struct {
		Port int    `xml:"keeper_server>tcp_port"`
		Host string `xml:"keeper_server>raft_configuration>server>hostname"`
	}
	readXML(t, "cluster/keeper.xml", &keeper)
	services := stack(t, shapes(t)["cluster"]).Services

	if n := len(file.Clusters.All); n != 1 {
		t.Fatalf("%d clusters, want one", n)
	}
	cluster := file.Clusters.All[0]
	if want := loadConfig(t, "cluster/winnow.yaml", makeSecrets(t)).Store.Cluster; cluster.XMLName.Local != want {
		t.Errorf("the cluster is called %s, store.cluster is %s", cluster.XMLName.Local, want)
	}
	if start := read(t, "clickhouse/start.sh"); !strings.Contains(start, "\n"+cluster.Secret.Env+"=$(hash ") {
		t.Errorf("start.sh does not set %q", cluster.Secret.Env)
	}
	data := map[string]bool{}
	for i, shard := range cluster.Shards {
		if !shard.InternalReplication || len(shard.Replicas) != 1 {
			t.Errorf("shard %d: internal replication %v, %d servers", i+1, shard.InternalReplication, len(shard.Replicas))
		}
		host := shard.Replicas[0].Host
		s, ok := services[host]
		if !ok || shard.Replicas[0].Port != 9000 {
			t.Fatalf("shard %d is on %s, port %d: no service", i+1, host, shard.Replicas[0].Port)
		}
		for name, want := range map[string]string{file.Shard.Env: fmt.Sprint(i + 1), file.Replica.Env: host, file.InterserverHost.Env: host} {
			if got := s.Environment[name]; got == nil || *got != want {
				t.Errorf("%s: %s is not %s", host, name, want)
			}
		}
		mounted := map[string]string{}
		for _, v := range s.Volumes {
			mounted[v.Target] = v.Source
		}
		if v := mounted["/var/lib/clickhouse"]; v == "" || data[v] {
			t.Errorf("%s keeps its data on %q, which is none of its own", host, v)
		}
		data[mounted["/var/lib/clickhouse"]] = true
		for target, source := range mounted {
			if strings.HasPrefix(target, "/etc/clickhouse-server/") && !strings.HasSuffix(target, ".d/winnow.xml") &&
				(!strings.HasSuffix(target, ".d/winnow_stack.xml") || filepath.Base(filepath.Dir(source)) != "cluster") {
				t.Errorf("%s reads %s as %s, which is not after winnow.xml or not of the cluster", host, source, target)
			}
		}
	}
	if servers := slices.DeleteFunc(slices.Collect(maps.Keys(services)), func(s string) bool { return !strings.HasPrefix(s, "clickhouse") }); len(servers) != len(cluster.Shards) {
		t.Errorf("%d shards on %v", len(cluster.Shards), servers)
	}
	if len(file.Keepers) != 1 || file.Keepers[0].Host != keeper.Host || file.Keepers[0].Port != keeper.Port || services[keeper.Host].Name == "" {
		t.Errorf("servers ask %+v, Keeper is %+v", file.Keepers, keeper)
	}
	if file.InterserverPort == 0 || file.DDL == "" {
		t.Error("replicated tables, or statements on the cluster, would not work")
	}

	var alone usersFile
	readXML(t, "clickhouse/users.d/winnow.xml", &alone)
	var users struct {
		Grants []string `xml:"users>winnow>grants>query"`
		Global string   `xml:"profiles>winnow_reader>distributed_product_mode"`
	}
	readXML(t, "cluster/users.xml", &users)
	if want := append(slices.Clone(alone.Users.Winnow.Grants), "GRANT CLUSTER, REMOTE ON *.*"); !slices.Equal(users.Grants, want) {
		t.Errorf("in the cluster Winnow may %q, want %q", users.Grants, want)
	}
	if users.Global != "global" {
		t.Error("subqueries of Grafana would be refused")
	}
}

// The log's server, run from its own file, takes Winnow's batches with the password
// that secrets.sh made, has room for a log of the configured size, and takes no other
// password.
func TestLogServerTakesWinnow(t *testing.T) {
	dir, secrets := t.TempDir(), makeSecrets(t)
	for path, text := range map[string]string{
		"etc/winnow/nats.conf":           read(t, "cluster/nats.conf"),
		"run/secrets/nats_authorization": read(t, secrets, "nats_authorization"),
	} {
		path = filepath.Join(dir, path)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte(text), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	o, err := server.ProcessConfigFile(filepath.Join(dir, "etc/winnow/nats.conf"))
	if err != nil {
		t.Fatal(err)
	}
	if o.HTTPHost != "127.0.0.1" || o.Port != 4222 || o.StoreDir != "/data" || !o.SyncAlways {
		t.Errorf("health at %s, port %d, files in %s, written at once: %v", o.HTTPHost, o.Port, o.StoreDir, o.SyncAlways)
	}
	o.Host, o.Port, o.HTTPPort, o.StoreDir, o.NoSigs, o.NoLog = "127.0.0.1", server.RANDOM_PORT, 0, t.TempDir(), true, true
	s, err := server.NewServer(o)
	if err != nil {
		t.Fatal(err)
	}
	s.Start()
	t.Cleanup(func() { s.Shutdown(); s.WaitForShutdown() })
	if !s.ReadyForConnections(startTimeout) {
		t.Fatal("the log's server does not start")
	}

	c := loadConfig(t, "cluster/winnow.yaml", secrets)
	address := strings.Replace(c.Log.URL.Reveal(), "nats:4222", s.Addr().String(), 1)
	log, err := feed.Open(t.Context(), feed.Options{URL: address, MaxBytes: int64(c.Log.MaxBytes)})
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close() //nolint:errcheck // nothing is read from it
	if err := log.Publish(t.Context(), feed.Batch{Source: "archive/a", Cursor: []byte("1"), Posts: []post.Post{}}); err != nil {
		t.Error(err)
	}
	if cursor, ok, err := log.Cursor(t.Context(), "archive/a"); err != nil || !ok || string(cursor) != "1" {
		t.Errorf("the log has the cursor %q, %v, %v", cursor, ok, err)
	}
	if other, err := feed.Open(t.Context(), feed.Options{URL: "nats://winnow:guess@" + s.Addr().String()}); err == nil {
		_ = other.Close() // it should not be there
		t.Error("the server takes any password")
	}
}
