-- Room for what is added to the audience, computed beside what is stored.
CREATE TABLE IF NOT EXISTS audience_check AS audience
