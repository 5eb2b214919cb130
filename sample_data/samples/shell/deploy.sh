#!/bin/bash
# deploy script v3
cd /var/www/app
git pull origin master
npm install
npm run build
# sometimes it hangs, kill it first
kill -9 `cat app.pid`
sleep 2
nohup node server.js > app.log 2>&1 &
echo $! > app.pid
sleep 5
curl -s http://localhost:3000/ > /dev/null && echo OK || echo FAILED
