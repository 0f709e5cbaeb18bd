package neardup
