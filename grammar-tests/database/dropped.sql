-- refused: DROP DATABASE is about the whole server
DROP DATABASE IF EXISTS other;
