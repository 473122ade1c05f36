-- refused: ALTER DATABASE .. IS_TEMPLATE: that is the server's
ALTER DATABASE app WITH IS_TEMPLATE true;
