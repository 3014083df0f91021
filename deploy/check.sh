#!/bin/sh
# Checks each file of this folder with its own program: deploy/check.sh. What is not installed is skipped, and listed.
# Nothing of the machine is read or changed: the files are checked as copies, with a certificate made for it.
# On Debian: apt-get install nginx apache2 logrotate prometheus systemd libxml2-utils shellcheck docker-compose openssl
set -u
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
PATH=$PATH:/usr/sbin:/sbin
failed=0
skipped=0

# report FILE PROGRAM COMMAND...: runs it, and shows what it said where it fails.
report() {
	file=$1 program=$2
	shift 2
	if ! command -v "$program" >/dev/null 2>&1; then
		echo "skip  $file: $program is not installed"
		skipped=$((skipped + 1))
	elif "$@" >"$work/output" 2>&1; then
		echo "ok    $file: $program"
	else
		echo "FAIL  $file: $program"
		sed 's/^/      /' "$work/output"
		failed=$((failed + 1))
	fi
}

# A program that fails without an exit code: whatever it says is a failure.
silently() {
	said=$("$@" 2>&1)
	code=$?
	[ "$code" -eq 0 ] && [ -z "$said" ] && return 0
	echo "$said"
	return 1
}

make_certificate() {
	mkdir -p "$work/ssl"
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=shop.example \
		-keyout "$work/ssl/privkey.pem" -out "$work/ssl/fullchain.pem"
}

# Copies with the certificate of this check in place of the one that the file names.
localise() {
	sed "s#/etc/ssl/kkm-transfer/#$work/ssl/#" "$here/$1"
}

check_nginx() {
	make_certificate >/dev/null 2>&1 || return 1
	localise nginx/kkm-transfer.conf >"$work/site.conf"
	# A host that a name server would have to know is checked as an address.
	sed 's/server kkm:/server 127.0.0.1:/' "$here/$1" >"$work/upstream.conf"
	cat >"$work/nginx.conf" <<-END
		pid $work/nginx.pid;
		error_log stderr;
		events {}
		http {
			access_log off;
			client_body_temp_path $work; proxy_temp_path $work; fastcgi_temp_path $work; uwsgi_temp_path $work; scgi_temp_path $work;
			include $work/upstream.conf;
			include $work/site.conf;
		}
	END
	nginx -t -q -p "$work" -c "$work/nginx.conf"
}

check_apache() {
	make_certificate >/dev/null 2>&1 || return 1
	localise apache/kkm-transfer.conf >"$work/site.conf"
	modules=$(dirname "$(find /usr/lib/apache2 /usr/lib64/httpd -name mod_proxy_http.so 2>/dev/null | head -1)")
	{
		echo "ServerRoot $work"
		echo "ServerName localhost"
		echo "ErrorLog $work/apache.log"
		echo "PidFile $work/apache.pid"
		echo "Listen 80"
		echo "Listen 443"
		for module in mpm_event authz_core authz_host proxy proxy_http ssl headers macro env reqtimeout; do
			if [ -e "$modules/mod_$module.so" ]; then echo "LoadModule ${module}_module $modules/mod_$module.so"; fi
		done
		echo "Include $work/site.conf"
	} >"$work/apache.conf"
	apachectl -t -f "$work/apache.conf"
}

# Its program may not be installed here, and the account not be made.
check_unit() {
	sed 's#^ExecStart=kkm #ExecStart=/bin/true #' "$here/systemd/kkm-transfer.service" >"$work/kkm-transfer.service"
	silently systemd-analyze verify --man=no "$work/kkm-transfer.service"
}

# "ok" of systemd is 4 and less; this unit has some 1.5.
check_exposure() {
	systemd-analyze security --offline=yes --threshold=20 "$here/systemd/kkm-transfer.service"
}

# Every line is NAME=VALUE for systemd and for a shell alike: kkm-admin reads it as one.
check_settings() {
	# shellcheck disable=SC1091
	(set -e; . "$here/systemd/kkm-transfer.env"; [ -n "$KKM_DATA_DIR" ]) || return 1
	! grep -vE '^(#.*|#?KKM_[A-Z_]+=("[^"]*"|[^"[:space:]]*))?$' "$here/systemd/kkm-transfer.env"
}

# Its account is not made on a machine that only checks.
check_logrotate() {
	sed '/^[[:space:]]*su /d' "$here/logrotate/kkm-transfer" >"$work/logrotate.conf"
	chmod 644 "$work/logrotate.conf"
	logrotate --debug --state "$work/logrotate.state" "$work/logrotate.conf" >"$work/said" 2>&1
	code=$?
	cat "$work/said"
	[ "$code" -eq 0 ] && ! grep -qi '^error' "$work/said"
}

check_prometheus() {
	cp "$here"/prometheus/*.yml "$work/" && printf 'secret' >"$work/password"
	sed "s#/etc/prometheus/kkm-transfer.password#$work/password#" "$here/prometheus/prometheus.yml" >"$work/prometheus.yml"
	promtool check config "$work/prometheus.yml"
}

report systemd/kkm-transfer.service systemd-analyze check_unit
report systemd/kkm-transfer.service systemd-analyze check_exposure
report systemd/kkm-transfer.env sh check_settings
report systemd/kkm-admin shellcheck shellcheck "$here/systemd/kkm-admin"
report check.sh shellcheck shellcheck "$here/check.sh"
report nginx/kkm-transfer.conf nginx check_nginx nginx/kkm-transfer-upstream.conf
report docker/nginx-upstream.conf nginx check_nginx docker/nginx-upstream.conf
report apache/kkm-transfer.conf apachectl check_apache
report iis/web.config xmllint xmllint --noout "$here/iis/web.config"
report logrotate/kkm-transfer logrotate check_logrotate
report docker/Dockerfile hadolint hadolint "$here/docker/Dockerfile"
report docker/docker-compose.yml docker-compose docker-compose --file "$here/docker/docker-compose.yml" config --quiet
report prometheus/prometheus.yml promtool check_prometheus
report prometheus/alerts.yml promtool promtool check rules "$here/prometheus/alerts.yml"
report grafana/kkm-transfer.json node node -e 'JSON.parse(fs.readFileSync(process.argv[1]))' "$here/grafana/kkm-transfer.json"

echo "$failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
