CREATE TABLE boats (number integer, crew integer);
