-- error: twice
CREATE TYPE mood AS ENUM ('a', 'b', 'a');
