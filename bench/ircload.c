/*
 * ircload: a load generator for any IRC server (single thread, epoll).
 *
 * It speaks just enough IRC (PASS NICK USER CAP JOIN PART PRIVMSG PING/PONG
 * QUIT), and for some of its people the line protocol of people with nc,
 * over TCP or TLS, and reports one JSON object per measured repeat on stdout.
 * Every delivery is counted and its order checked; a run that loses,
 * duplicates or reorders a message says "ok":false and exits 1.
 *
 * Build: see Makefile.   Use: see README.md.
 */
#include "ircload.h"
#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

/* ---------------------------------------------------------------- options */

static const char *mode_names[] = {"fanout", "dm", "storm", "idle", "slow", "mixed"};

struct options o = {.host = "127.0.0.1", .n = 100, .senders = 1, .msgs = 1000, .window = 64,
       .size = 80, .repeats = 1, .inflight = 64, .room = 10, .hold = 5,
       .warm = 200, .slow = 10, .deadline = 120, .caps_every = 1, .nick = "n",
       .channel = "#bench", .label = "", .cpu = -1, .settle = 0.4, .seed = 1};

/* ------------------------------------------------------------ small things */

long sent, received, bad;
uint32_t id_base;

void die(const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    fprintf(stderr, "ircload: ");
    vfprintf(stderr, fmt, ap);
    fprintf(stderr, "\n");
    va_end(ap);
    exit(1);
}

/* the server did something wrong: the first time is told */
void blame(struct conn *c, const char *what)
{
    if (!bad++)
        fprintf(stderr, "ircload: conn %d%s: %s\n", c->idx, c->line ? " (line wire)" : "", what);
}

static uint64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000ull + t.tv_nsec;
}

/* CPU seconds used so far by the server processes: the total from the
 * process CPU clocks (ns), the user share from /proc/PID/stat (ticks). */
static double server_cpu(double *user)
{
    double total = 0, u = 0;
    for (int i = 0; i < o.npids; i++) {
        clockid_t c;
        struct timespec t;
        if (clock_getcpuclockid(o.pids[i], &c) || clock_gettime(c, &t))
            die("no process %d", o.pids[i]);
        total += t.tv_sec + t.tv_nsec / 1e9;
        char path[64], buf[2048];
        snprintf(path, sizeof path, "/proc/%d/stat", o.pids[i]);
        FILE *f = fopen(path, "r");
        if (f) {
            size_t k = fread(buf, 1, sizeof buf - 1, f);
            buf[k] = 0;
            fclose(f);
            char *p = strrchr(buf, ')');
            unsigned long ut = 0;
            if (p && sscanf(p + 2, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu", &ut) == 1)
                u += (double)ut / sysconf(_SC_CLK_TCK);
        }
    }
    if (user)
        *user = u;
    return total;
}

static long server_rss_kb(void)
{
    long kb = 0;
    for (int i = 0; i < o.npids; i++) {
        char path[64], line[256];
        snprintf(path, sizeof path, "/proc/%d/status", o.pids[i]);
        FILE *f = fopen(path, "r");
        if (!f)
            die("no process %d", o.pids[i]);
        while (fgets(line, sizeof line, f))
            if (!strncmp(line, "VmRSS:", 6))
                kb += atol(line + 6);
        fclose(f);
    }
    return kb;
}

static double own_cpu(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return t.tv_sec + t.tv_nsec / 1e9;
}

/* log-linear histogram of nanoseconds: 64 steps an octave */
#define HB (64 * 40)
static uint64_t hist[HB], hist_n;
static int hslot(uint64_t v)
{
    if (v < 64)
        return (int)v;
    int e = 63 - __builtin_clzll(v);
    int s = (e - 5) * 64 + (int)((v >> (e - 6)) & 63);
    return s < HB ? s : HB - 1;
}
static double hvalue(int s)
{
    if (s < 64)
        return s;
    int e = s / 64 + 5;
    return (double)((64ull + (s & 63)) << (e - 6));
}
static double hpct(double p)
{
    uint64_t want = (uint64_t)(p * hist_n), seen = 0;
    for (int i = 0; i < HB; i++)
        if ((seen += hist[i]) > want)
            return hvalue(i) / 1000.0;
    return 0;
}
static void hreset(void) { memset(hist, 0, sizeof hist), hist_n = 0; }

/* ------------------------------------------------------------- connections */

struct conn *conns;
int nfailed;
static int epfd, nready, nopen;
static uint64_t t_last_input, t_deadline;
static int exit_code;
static SSL_CTX *ctx;
static SSL_SESSION *session;
static uint64_t bytes_in;
static long resumed;

static void close_conn(struct conn *c)
{
    if (c->ssl) {
        SSL_set_quiet_shutdown(c->ssl, 1);
        SSL_shutdown(c->ssl);
        SSL_free(c->ssl);
        c->ssl = NULL;
    }
    if (c->fd >= 0) {
        close(c->fd);
        nopen--;
    }
    c->fd = -1;
    c->state = FREE;
    c->ncarry = c->nout = c->want_out = c->dirty = c->past = c->stopped = 0;
}

static void want(struct conn *c, int out)
{
    if (c->want_out == out)
        return;
    struct epoll_event e = {.events = (c->stopped ? 0 : EPOLLIN) | (out ? EPOLLOUT : 0), .data.ptr = c};
    epoll_ctl(epfd, EPOLL_CTL_MOD, c->fd, &e);
    c->want_out = out;
}

static void stop(struct conn *c, int stopped)
{
    c->stopped = stopped;
    c->want_out = !c->want_out;
    want(c, !c->want_out);
}

static void flush_conn(struct conn *c)
{
    c->dirty = 0;
    int off = 0;
    while (off < c->nout) {
        int r;
        if (c->ssl) {
            r = SSL_write(c->ssl, c->out + off, c->nout - off);
            if (r <= 0)
                break;
        } else {
            r = send(c->fd, c->out + off, c->nout - off, MSG_NOSIGNAL);
            if (r < 0) {
                if (errno == EAGAIN)
                    break;
                fprintf(stderr, "ircload: conn %d: send: %s\n", c->idx, strerror(errno));
                nfailed++;
                c->nout = 0;
                return;
            }
        }
        off += r;
    }
    memmove(c->out, c->out + off, c->nout - off);
    c->nout -= off;
    want(c, c->nout > 0);
}

static struct conn **dirty;
static int ndirty;

void put(struct conn *c, const char *fmt, ...)
{
    va_list ap;
    if (c->cout - c->nout < 8192)
        c->out = realloc(c->out, c->cout = c->nout + 16384);
    va_start(ap, fmt);
    c->nout += vsnprintf(c->out + c->nout, c->cout - c->nout, fmt, ap);
    va_end(ap);
    if (!c->dirty) {
        c->dirty = 1;
        dirty[ndirty++] = c;
    }
}

static void flush_dirty(void)
{
    for (int i = 0; i < ndirty; i++)
        if (dirty[i]->dirty && dirty[i]->fd >= 0 && dirty[i]->state >= REGISTERING)
            flush_conn(dirty[i]);
    ndirty = 0;
}

static void greet(struct conn *c)
{
    c->state = REGISTERING;
    if (c->line) {
        put(c, "%s%05d\n", o.nick, c->idx);
        return;
    }
    int caps = o.caps && c->idx % o.caps_every == 0;
    if (caps)
        put(c, "CAP LS 302\r\n");
    if (o.pass)
        put(c, "PASS %s\r\n", o.pass);
    put(c, "NICK %s%05d\r\nUSER %s%05d 0 * :load\r\n", o.nick, c->idx, o.nick, c->idx);
    if (caps)
        put(c, "CAP REQ :%s\r\nCAP END\r\n", o.caps);
}

static void handshake(struct conn *c)
{
    int r = SSL_do_handshake(c->ssl);
    if (r == 1) {
        resumed += SSL_session_reused(c->ssl);
        want(c, 0);
        greet(c);
        flush_dirty();
        return;
    }
    int e = SSL_get_error(c->ssl, r);
    if (e == SSL_ERROR_WANT_WRITE)
        want(c, 1);
    else if (e == SSL_ERROR_WANT_READ)
        want(c, 0);
    else {
        ERR_print_errors_fp(stderr);
        die("conn %d: TLS handshake failed", c->idx);
    }
}

static void open_conn(struct conn *c)
{
    c->t0 = now_ns();
    c->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (c->fd < 0)
        die("socket: %s", strerror(errno));
    int one = 1;
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (o.mode == SLOW && c->idx >= o.n - o.slow)       /* the kernel shall not read for them */
        setsockopt(c->fd, SOL_SOCKET, SO_RCVBUF, &(int){4096}, sizeof(int));
    c->line = o.line_every && c->idx % o.line_every == 1 % o.line_every;
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(c->line ? o.line_port : o.ports[c->idx % o.nports])};
    if (inet_pton(AF_INET, o.host, &a.sin_addr) != 1)
        die("bad host %s", o.host);
    c->state = CONNECTING;
    nopen++;
    if (connect(c->fd, (void *)&a, sizeof a) && errno != EINPROGRESS)
        die("connect: %s", strerror(errno));
    struct epoll_event e = {.events = EPOLLIN | EPOLLOUT, .data.ptr = c};
    c->want_out = 1;
    if (epoll_ctl(epfd, EPOLL_CTL_ADD, c->fd, &e))
        die("epoll_ctl: %s", strerror(errno));
}

static void connected(struct conn *c)
{
    int err = 0;
    socklen_t l = sizeof err;
    getsockopt(c->fd, SOL_SOCKET, SO_ERROR, &err, &l);
    if (err)
        die("conn %d: connect: %s", c->idx, strerror(err));
    if (o.tls) {
        c->ssl = SSL_new(ctx);
        SSL_set_fd(c->ssl, c->fd);
        SSL_set_connect_state(c->ssl);
        if (o.resume && session)
            SSL_set_session(c->ssl, session);
        c->state = HANDSHAKE;
        handshake(c);
    } else {
        want(c, 0);
        greet(c);
    }
}

/* -------------------------------------------------------------- the traffic */

static long complete, expected;
static uint32_t *left;        /* deliveries still due, by message of this repeat */
static char pad[4096];
static int catching_up;       /* those who had stopped read again */

/* whose messages are told apart */
static int senders(void) { return o.mode == DM ? 0x1000 : o.mode == MIXED ? o.n : o.senders; }

void say(struct conn *c, const char *target, int sender)
{
    uint32_t id = id_base + (uint32_t)sent++;
    int k = o.size - 30;
    if (!c->line)
        put(c, "PRIVMSG %s :", target);
    else if (target != o.channel)       /* there they are already */
        put(c, "@%s ", target);
    put(c, "%08x %016llx %03x %.*s\r\n", id, (unsigned long long)now_ns(), sender, k > 0 ? k : 0, pad);
}

static uint64_t hex(const char *p, int n)
{
    uint64_t v = 0;
    while (n--) {
        unsigned d = (unsigned char)*p++;
        v = v << 4 | (d <= '9' ? d - '0' : (d | 32) - 'a' + 10);
    }
    return v;
}

static void on_message(struct conn *c, const char *text, const char *end)
{
    if (end - text < 29)
        return;
    uint32_t id = (uint32_t)hex(text, 8);
    uint64_t t = hex(text + 9, 16);
    int sender = (int)hex(text + 26, 3);
    if (id < id_base || id - id_base >= (uint32_t)sent) {
        blame(c, "a message that was not said, or long ago");
        return;
    }
    int slot = o.mode == DM ? 0 : sender;
    if (sender >= senders() || c->last[slot] >= id) {
        blame(c, "a message came twice, or out of order");
        return;
    }
    c->last[slot] = id;
    c->got++;
    if (c->stopped || catching_up)
        return;
    uint64_t d = t_last_input - t;
    if ((int64_t)d < 0)
        d = 0;
    hist[hslot(d)]++, hist_n++;
    received++;
    if (o.mode == MIXED)
        mixed_delivered(c, id - id_base);
    else if (o.mode == DM) {
        complete++;
        if (sent < o.msgs) {
            char peer[32];
            snprintf(peer, sizeof peer, "%s%05d", o.nick, c->idx ^ 1);
            say(c, peer, c->idx & 0xfff);
        }
    } else if (--left[id - id_base] == 0)
        complete++;
}

static void on_joined(struct conn *c)
{
    c->state = READY;
    nready++;
    if (o.mode == STORM) {
        uint64_t d = now_ns() - c->t0;
        hist[hslot(d)]++, hist_n++;
        if (o.churn) {
            put(c, c->line ? "/exit\n" : "QUIT\r\n");
            c->state = CLOSING;
        }
    }
}

/* registered: on to the room, if there is one */
static void come_in(struct conn *c)
{
    char channel[64];
    int fan = o.mode == FANOUT || o.mode == SLOW;
    if (o.mode == DM || o.mode == MIXED || (!fan && !o.room)) {
        on_joined(c);
        return;
    }
    c->state = JOINING;
    if (fan)
        snprintf(channel, sizeof channel, "%s", o.channel);
    else
        snprintf(channel, sizeof channel, "%s%d", o.channel, c->idx / o.room);
    put(c, c->line ? "/join %s\n" : "JOIN %s\r\n", channel + c->line);
}

static void verbose(struct conn *c, const char *p, const char *end)
{
    if (o.verbose)
        fprintf(stderr, "%d < %.*s\n", c->idx, (int)(end - p), p);
}

#define STARTS(p, word) (end - (p) >= (int)sizeof word - 1 && !memcmp(p, word, sizeof word - 1))

/* what a person with nc reads: `[12:04] #room bob: hi`, `* notice`, `! refused` */
static void on_text(struct conn *c, char *p, char *end)
{
    verbose(c, p, end);
    if (STARTS(p, "Your name? "))
        p += 11;
    if (*p == '[') {
        char *text = strstr(p, ": ");
        if (text && !c->past)
            on_message(c, text + 2, end);
    } else if (STARTS(p, "* You are in ")) {
        c->past = end[-1] == ':';
        if (c->state == REGISTERING)
            come_in(c);
        else if (c->state == JOINING)
            on_joined(c);
        else if (o.mode == MIXED)
            mixed_moved(c, p + 13);
    } else if (STARTS(p, "* You left ") && o.mode == MIXED) {
        mixed_moved(c, p + 11);
    } else if (STARTS(p, "* -- now --")) {
        c->past = 0;
    } else if (*p == '!' || *p == '?')
        die("conn %d: refused: %s", c->idx, p);
}

/* a JOIN that is through, or one's own PART */
static void on_moved(struct conn *c, const char *source, const char *command, const char *end)
{
    char nick[32];
    int k = snprintf(nick, sizeof nick, "%s%05d!", o.nick, c->idx);
    if (*command == '3' || (source && !strncmp(source, nick, k))) {
        const char *channel = memchr(command, '#', end - command);
        if (channel)
            mixed_moved(c, channel);
    }
}

static void on_line(struct conn *c, char *p, char *end)
{
    char *start = p, *source = NULL;
    if (c->line) {
        on_text(c, p, end);
        return;
    }
    if (*p == '@') {
        p = memchr(p, ' ', end - p);
        if (!p++)
            return;
    }
    if (*p == ':') {
        source = p + 1;
        p = memchr(p, ' ', end - p);
        if (!p++)
            return;
    }
    if (STARTS(p, "PRIVMSG ")) {
        p = memchr(p + 8, ':', end - p - 8);
        if (p && p[1] == '[')   /* `[12:04] `, when it was said: to clients without server-time */
            p = memchr(p, ' ', end - p);
        if (p)
            on_message(c, p + 1, end);
    } else if (STARTS(p, "PING ")) {
        put(c, "PONG %.*s\r\n", (int)(end - p - 5), p + 5);
    } else if (c->state == REGISTERING && STARTS(p, "001 ")) {
        come_in(c);
    } else if (c->state == JOINING && STARTS(p, "366 ")) {
        on_joined(c);
    } else if (o.mode == MIXED && c->state == READY && (STARTS(p, "366 ") || STARTS(p, "PART "))) {
        on_moved(c, source, p, end);
    } else if (c->state != CLOSING && isdigit(p[0]) && (p[0] == '4' || p[0] == '5') && !STARTS(p, "422")) {
        die("conn %d: refused: %.*s", c->idx, (int)(end - start), start);
    } else if (STARTS(p, "ERROR") && c->state != CLOSING) {
        fprintf(stderr, "ircload: conn %d: %.*s\n", c->idx, (int)(end - start), start);
        nfailed++;
    }
    verbose(c, start, end);
}

static char rbuf[1 << 18];

static void readable(struct conn *c)
{
    for (;;) {
        if (c->ncarry)
            memcpy(rbuf, c->carry, c->ncarry);
        int room = (int)sizeof rbuf - c->ncarry, r;
        if (c->ssl) {
            r = SSL_read(c->ssl, rbuf + c->ncarry, room);
            if (r <= 0) {
                int e = SSL_get_error(c->ssl, r);
                if (e == SSL_ERROR_WANT_READ || e == SSL_ERROR_WANT_WRITE)
                    return;
                r = 0;
            }
        } else {
            r = recv(c->fd, rbuf + c->ncarry, room, 0);
            if (r < 0) {
                if (errno == EAGAIN)
                    return;
                r = 0;
            }
        }
        if (r == 0) {
            if (c->state != CLOSING) {
                fprintf(stderr, "ircload: conn %d closed by server\n", c->idx);
                nfailed++;
            }
            close_conn(c);
            return;
        }
        bytes_in += r;
        t_last_input = now_ns();
        char *p = rbuf, *end = rbuf + c->ncarry + r, *nl;
        while (p < end && (nl = memchr(p, '\n', end - p))) {
            char *e = nl;
            if (e > p && e[-1] == '\r')
                e--;
            if (e > p) {
                char keep = *e;
                *e = 0;
                on_line(c, p, e);
                *e = keep;
            }
            p = nl + 1;
        }
        c->ncarry = (int)(end - p);
        if (c->ncarry) {
            if (c->ncarry > 16000)
                die("conn %d: line too long", c->idx);
            if (!c->carry)
                c->carry = malloc(16384);
            memcpy(c->carry, p, c->ncarry);
        }
        if (!c->ssl)          /* level-triggered: one recv an event */
            return;
    }
}

void turn(int timeout_ms)
{
    static struct epoll_event ev[512];
    flush_dirty();
    int k = epoll_wait(epfd, ev, 512, timeout_ms);
    if (now_ns() > t_deadline)
        die("deadline: ready %d, sent %ld, received %ld of %ld, failed %d", nready, sent,
            received, expected, nfailed);
    for (int i = 0; i < k; i++) {
        struct conn *c = ev[i].data.ptr;
        if (c->fd < 0)
            continue;
        if (c->state == CONNECTING) {
            connected(c);
            continue;
        }
        if (c->state == HANDSHAKE) {
            handshake(c);
            continue;
        }
        if (ev[i].events & EPOLLOUT)
            flush_conn(c);
        if (ev[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR))
            readable(c);
    }
    flush_dirty();
}

void settle(double quiet)
{
    t_last_input = now_ns();
    while (now_ns() - t_last_input < (uint64_t)(quiet * 1e9))
        turn(20);
}

/* open connections [from, to), never more than o.inflight half-open */
void connect_range(int from, int to)
{
    int next = from, base = nready;
    while (nready - base < to - from) {
        while (next < to && (next - from) - (nready - base) < o.inflight)
            open_conn(&conns[next++]);
        turn(1000);
    }
    while (o.churn && nopen)
        turn(100);
}

static void close_all(void)
{
    for (int i = 0; i < o.n + o.warm; i++)
        if (conns[i].fd >= 0)
            close_conn(&conns[i]);
    nready = 0;
}

/* ---------------------------------------------------------------- workloads */

void mark(struct mark *m)
{
    m->rss = o.npids ? server_rss_kb() : 0;
    m->cpu = server_cpu(&m->user);
    m->own = own_cpu();
    m->t = now_ns();
}

static const char *extra = "";    /* more fields of a row */

void report(const char *unit, long count, struct mark *a, struct mark *b, int ok)
{
    double wall = (b->t - a->t) / 1e9, cpu = b->cpu - a->cpu;
    ok = ok && !bad && !nfailed;
    printf("{\"label\":\"%s\",\"mode\":\"%s\",\"n\":%d,\"line_every\":%d,\"senders\":%d,\"window\":%d,"
           "\"rate\":%g,\"tls\":%d,\"unit\":\"%s\",\"count\":%ld,\"received\":%ld,\"wall_s\":%.4f,"
           "\"per_s\":%.1f,\"srv_cpu_s\":%.4f,\"cpu_us\":%.4f,\"user_share\":%.3f,\"own_cpu_s\":%.4f,"
           "\"p50_us\":%.0f,\"p99_us\":%.0f,\"max_us\":%.0f,\"mb_in\":%.1f,\"rss_kb\":%ld,\"grew_kb\":%ld,"
           "%s\"ok\":%s}\n",
           o.label, mode_names[o.mode], o.n, o.line_every, o.senders, o.window, o.rate, o.tls, unit, count,
           received, wall, count / wall, cpu, cpu * 1e6 / count, cpu > 0 ? (b->user - a->user) / cpu : 0,
           b->own - a->own, hpct(.50), hpct(.99), hpct(.99999999), bytes_in / 1e6, b->rss, b->rss - a->rss,
           extra, ok ? "true" : "false");
    fflush(stdout);
    if (!ok)
        exit_code = 1;
}

void begin(long deliveries)
{
    id_base += (uint32_t)sent;
    sent = complete = received = 0;
    expected = deliveries;
    bytes_in = 0;
    hreset();
    for (int i = 0; i < o.n; i++)
        conns[i].got = 0;
}

/* `readers` of the members read what others say, those who say it among them */
static void fanout_round(long msgs, int readers)
{
    begin(msgs * (readers - 1));
    for (long i = 0; i < msgs; i++)
        left[i] = readers - 1;
    if (o.rate > 0) {
        uint64_t t0 = now_ns();
        while (sent < msgs || (received < expected && !bad && !nfailed)) {
            uint64_t t = now_ns();
            while (sent < msgs && t >= t0 + (uint64_t)(sent * 1e9 / o.rate)) {
                say(&conns[sent % o.senders], o.channel, (int)(sent % o.senders));
                flush_dirty();
            }
            uint64_t due = t0 + (uint64_t)(sent * 1e9 / o.rate);
            int ms = sent < msgs ? (int)((due > t ? due - t : 0) / 1000000) : 50;
            turn(ms);
        }
    } else {
        while (complete < msgs && !bad && !nfailed) {
            while (sent < msgs && sent - complete < o.window)
                say(&conns[sent % o.senders], o.channel, (int)(sent % o.senders));
            turn(1000);
        }
    }
}

static int fanout_ok(long msgs)
{
    int ok = received == expected;
    for (int i = 0; i < o.n; i++) {
        long own = i < o.senders ? (msgs + o.senders - 1 - i) / o.senders : 0;
        if (conns[i].got != msgs - own)
            ok = 0;
    }
    return ok;
}

/* after a warm-up of `warm` messages that began at t0: how many last o.seconds */
static void resize(long warm, uint64_t t0)
{
    if (o.seconds <= 0)
        return;
    double each = o.rate > 0 ? 1 / o.rate : (now_ns() - t0) / 1e9 / warm;
    double m = o.seconds / each;
    o.msgs = m < 10 ? 10 : m > 5e6 ? 5000000 : (long)m;
}

static void run_fanout(void)
{
    long warm = o.msgs / 5 > 0 ? o.msgs / 5 : 1;
    left = calloc(o.msgs, sizeof *left);
    connect_range(0, o.n);
    settle(o.settle);
    uint64_t t0 = now_ns();
    fanout_round(warm, o.n);
    resize(warm, t0);
    left = realloc(left, o.msgs * sizeof *left);
    for (int r = 0; r < o.repeats; r++) {
        struct mark a, b;
        mark(&a);
        fanout_round(o.msgs, o.n);
        mark(&b);
        settle(.05);          /* a duplicate would come now */
        report("delivery", expected, &a, &b, fanout_ok(o.msgs));
    }
}

/* let them go on; how long until they have read what they missed */
static void catch_up(int from)
{
    catching_up = 1;
    for (int i = from; i < o.n; i++)
        stop(&conns[i], 0);
    for (int i = from; i < o.n; i++)
        while (conns[i].got < o.msgs && !bad && !nfailed)
            turn(1000);
}

/* a room where some stop reading, and then go on: what that costs the others, and what they missed */
static void run_slow(void)
{
    static char fields[256];
    int fast = o.n - o.slow;
    long some = o.msgs / 4 + 1;
    left = calloc(o.msgs + 1, sizeof *left);
    connect_range(0, o.n);
    settle(o.settle);
    fanout_round(some, o.n);
    for (int r = 0; r < o.repeats; r++) {
        struct mark a, b, c;
        mark(&a);
        fanout_round(some, o.n);
        mark(&b);
        settle(.05);
        double free_cpu = (b.cpu - a.cpu) * 1e6 / expected, p50 = hpct(.50), p99 = hpct(.99);
        int ok = fanout_ok(some);
        for (int i = fast; i < o.n; i++)
            stop(&conns[i], 1);
        mark(&a);
        fanout_round(o.msgs, fast);
        mark(&b);
        catch_up(fast);
        mark(&c);
        settle(.2);           /* what comes twice would come now */
        catching_up = 0;
        snprintf(fields, sizeof fields,
                 "\"slow\":%d,\"free_cpu_us\":%.4f,\"free_p50_us\":%.0f,\"free_p99_us\":%.0f,"
                 "\"caught_up_s\":%.3f,\"caught_up_us\":%.3f,\"after_kb\":%ld,",
                 o.slow, free_cpu, p50, p99, (c.t - b.t) / 1e9,
                 (c.cpu - b.cpu) * 1e6 / ((double)o.slow * o.msgs), c.rss - a.rss);
        extra = fields;
        report("delivery", expected, &a, &b, ok && fanout_ok(o.msgs));
    }
}

static void dm_round(long msgs)
{
    long keep = o.msgs;
    o.msgs = msgs;
    begin(msgs);
    char peer[32];
    for (int w = 0; w < o.window; w++)
        for (int i = 0; i < o.n && sent < msgs; i += 2) {
            snprintf(peer, sizeof peer, "%s%05d", o.nick, i ^ 1);
            say(&conns[i], peer, i & 0xfff);
        }
    while (received < msgs && !bad && !nfailed)
        turn(1000);
    o.msgs = keep;
}

static void run_dm(void)
{
    connect_range(0, o.n);
    settle(o.settle);
    long warm = o.msgs / 5 + 1;
    uint64_t t0 = now_ns();
    dm_round(warm);
    resize(warm, t0);
    for (int r = 0; r < o.repeats; r++) {
        struct mark a, b;
        mark(&a);
        dm_round(o.msgs);
        mark(&b);
        settle(.05);
        report("message", received, &a, &b, received == o.msgs);
    }
}

static void run_storm(void)
{
    static char fields[64];
    int keep = o.n;
    for (int r = -1; r < o.repeats; r++) {
        struct mark a, b;
        o.n = r < 0 ? (keep < 200 ? keep : 200) : keep;   /* a small warm-up first */
        bytes_in = 0;
        hreset();
        mark(&a);
        connect_range(0, o.n);
        mark(&b);
        snprintf(fields, sizeof fields, "\"resumed\":%ld,", resumed);
        extra = fields;
        resumed = 0;
        if (r >= 0)
            report("client", o.n, &a, &b, nready == o.n);
        settle(.2);
        close_all();
        /* let the server see the closes */
        struct timespec ts = {.tv_sec = 0, .tv_nsec = 500000000};
        nanosleep(&ts, NULL);
    }
}

static void run_idle(void)
{
    connect_range(0, o.warm);
    settle(o.settle > 1 ? o.settle : 1);
    long rss0 = server_rss_kb();
    struct mark a, b;
    mark(&a);
    connect_range(o.warm, o.warm + o.n);
    mark(&b);
    settle(o.settle);
    uint64_t until = now_ns() + (uint64_t)(o.hold * 1e9);
    while (now_ns() < until)
        turn(50);
    struct mark c;
    mark(&c);
    long rss1 = server_rss_kb();
    printf("{\"label\":\"%s\",\"mode\":\"idle\",\"n\":%d,\"tls\":%d,\"rss0_kb\":%ld,\"rss1_kb\":%ld,"
           "\"kb_per_conn\":%.2f,\"cpu_us\":%.1f,\"idle_cpu_ms_per_s\":%.2f,\"ok\":%s}\n",
           o.label, o.n, o.tls, rss0, rss1, (double)(rss1 - rss0) / o.n,
           (b.cpu - a.cpu) * 1e6 / o.n, (c.cpu - b.cpu) * 1e3 / ((c.t - b.t) / 1e9),
           nfailed ? "false" : "true");
    if (nfailed)
        exit_code = 1;
}

/* --------------------------------------------------------------------- main */

static int new_session(SSL *s, SSL_SESSION *sess)
{
    (void)s;
    if (session)
        SSL_SESSION_free(session);
    session = sess;
    return 1;
}

static int ints(const char *s, int *out, int max)
{
    int k = 0;
    char *copy = strdup(s), *save, *t;
    for (t = strtok_r(copy, ",", &save); t && k < max; t = strtok_r(NULL, ",", &save))
        out[k++] = atoi(t);
    free(copy);
    return k;
}

int main(int argc, char **argv)
{
    static struct option longs[] = {
        {"mode", 1, 0, 'm'}, {"host", 1, 0, 'h'}, {"port", 1, 0, 'p'}, {"clients", 1, 0, 'n'},
        {"senders", 1, 0, 's'}, {"msgs", 1, 0, 'M'}, {"window", 1, 0, 'w'}, {"rate", 1, 0, 'r'},
        {"size", 1, 0, 'z'}, {"repeats", 1, 0, 'R'}, {"inflight", 1, 0, 'c'}, {"room", 1, 0, 'j'},
        {"tls", 0, 0, 't'}, {"resume", 0, 0, 'u'}, {"churn", 0, 0, 'q'}, {"hold", 1, 0, 'H'},
        {"warm", 1, 0, 'W'}, {"deadline", 1, 0, 'D'}, {"caps", 1, 0, 'a'}, {"caps-every", 1, 0, 'e'},
        {"pass", 1, 0, 'P'}, {"nick", 1, 0, 'N'}, {"line-port", 1, 0, 'L'}, {"line-every", 1, 0, 'E'}, {"slow", 1, 0, 'o'},
        {"seed", 1, 0, 'd'}, {"channel", 1, 0, 'C'}, {"label", 1, 0, 'l'},
        {"pid", 1, 0, 'i'}, {"cpu", 1, 0, 'U'}, {"settle", 1, 0, 'S'}, {"verbose", 0, 0, 'v'}, {"seconds", 1, 0, 'T'}, {0}};
    int c;
    while ((c = getopt_long(argc, argv, "", longs, NULL)) != -1)
        switch (c) {
        case 'm':
            for (o.mode = 0; o.mode < MODES && strcmp(mode_names[o.mode], optarg); o.mode++)
                ;
            if (o.mode == MODES)
                die("mode: fanout, dm, storm, idle, slow or mixed");
            break;
        case 'h': o.host = optarg; break;
        case 'p': o.nports = ints(optarg, o.ports, 16); break;
        case 'n': o.n = atoi(optarg); break;
        case 's': o.senders = atoi(optarg); break;
        case 'M': o.msgs = atol(optarg); break;
        case 'w': o.window = atoi(optarg); break;
        case 'r': o.rate = atof(optarg); break;
        case 'z': o.size = atoi(optarg); break;
        case 'R': o.repeats = atoi(optarg); break;
        case 'c': o.inflight = atoi(optarg); break;
        case 'j': o.room = atoi(optarg); break;
        case 't': o.tls = 1; break;
        case 'u': o.resume = 1; break;
        case 'q': o.churn = 1; break;
        case 'H': o.hold = atof(optarg); break;
        case 'W': o.warm = atoi(optarg); break;
        case 'L': o.line_port = atoi(optarg); break;
        case 'E': o.line_every = atoi(optarg); break;
        case 'o': o.slow = atoi(optarg); break;
        case 'd': o.seed = (unsigned)atoi(optarg); break;
        case 'D': o.deadline = atoi(optarg); break;
        case 'a': o.caps = optarg; break;
        case 'e': o.caps_every = atoi(optarg); break;
        case 'P': o.pass = optarg; break;
        case 'N': o.nick = optarg; break;
        case 'C': o.channel = optarg; break;
        case 'l': o.label = optarg; break;
        case 'i': o.npids = ints(optarg, o.pids, 16); break;
        case 'U': o.cpu = atoi(optarg); break;
        case 'S': o.settle = atof(optarg); break;
        case 'v': o.verbose = 1; break;
        case 'T': o.seconds = atof(optarg); break;
        default: return 2;
        }
    if (!o.nports || (o.line_every && !o.line_port))
        die("--port is needed, and --line-port for people on the line wire");
    if (o.mode != IDLE)
        o.warm = 0;
    if (o.mode == DM && o.n % 2)
        die("dm: an even number of clients");
    if (o.senders > o.n)
        o.senders = o.n;
    if (o.mode == SLOW && o.slow + o.senders > o.n)
        die("slow: who speaks must read");
    memset(pad, 'x', sizeof pad - 1);
    if (o.cpu >= 0) {
        cpu_set_t set;
        CPU_ZERO(&set);
        CPU_SET(o.cpu, &set);
        sched_setaffinity(0, sizeof set, &set);
    }
    struct rlimit rl;
    getrlimit(RLIMIT_NOFILE, &rl);
    rl.rlim_cur = rl.rlim_max;
    setrlimit(RLIMIT_NOFILE, &rl);
    if (o.tls) {
        ctx = SSL_CTX_new(TLS_client_method());
        SSL_CTX_set_verify(ctx, SSL_VERIFY_NONE, NULL);
        SSL_CTX_set_mode(ctx, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                  SSL_MODE_RELEASE_BUFFERS);
        if (o.resume) {
            SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_CLIENT);
            SSL_CTX_sess_set_new_cb(ctx, new_session);
        }
    }
    epfd = epoll_create1(EPOLL_CLOEXEC);
    int total = o.n + o.warm;
    conns = calloc(total, sizeof *conns);
    dirty = calloc(total * 4 + 64, sizeof *dirty);
    int apart = o.mode == MIXED ? o.n : o.senders;
    uint32_t *seen = calloc((size_t)total * apart, sizeof *seen);
    for (int i = 0; i < total; i++) {
        conns[i].fd = -1;
        conns[i].idx = i;
        conns[i].last = seen + (size_t)i * apart;
    }
    t_deadline = now_ns() + (uint64_t)o.deadline * 1000000000ull;
    sent = 1;                 /* so that the first id is 1, above every "last" */
    switch (o.mode) {
    case FANOUT: run_fanout(); break;
    case DM: run_dm(); break;
    case STORM: run_storm(); break;
    case IDLE: run_idle(); break;
    case SLOW: run_slow(); break;
    case MIXED: run_mixed(); break;
    }
    return exit_code;
}
