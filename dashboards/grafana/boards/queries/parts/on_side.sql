multiIf(
        arrayExists(t -> p.posted_at >= t.1 AND p.posted_at <= t.2, s.coordinated), 'coordinated',
        arrayExists(t -> p.posted_at >= t.1 AND p.posted_at <= t.2, s.declared), 'declared',
        arrayExists(t -> p.posted_at >= t.1 AND p.posted_at <= t.2, s.early), 'early sign', 'organic')
