// Package storagetest gives tests a real ClickHouse: the embedded engine,
// started once per test binary, with a database of its own for each test.
//
// A package that uses it has
//
//	func TestMain(m *testing.M) { storagetest.Main(m) }
//
// It is for tests alone and owns nothing else.
package storagetest
