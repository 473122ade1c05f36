# Runs a throwaway server and outlives its maker: when standard input closes, however that came about, the server is
# shut down at once (SIGQUIT) and its folder removed. Arguments: the folder, the server's command line.
trap '' HUP INT TERM QUIT
folder=$1
shift
exec 3<&0
# a signal that comes before the server has its handlers must end it: SIGTERM is not left ignored
(trap - TERM; exec "$@" 3<&-) </dev/null &
server=$!
(read -r _ <&3; kill -TERM "$server"; kill -QUIT "$server") 2>/dev/null &
watch=$!
wait "$server"
status=$?
kill -KILL "$watch" 2>/dev/null
rm -rf "$folder"
exit "$status"
