package xtest_test

import (
	"winnow/collectors/collectortest"
	"winnow/collectors/x/xtest"
)

var _ collectortest.Platform = (*xtest.Server)(nil)
