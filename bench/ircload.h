/* What the parts of ircload share: the options, the connections, the counts. */
#ifndef IRCLOAD_H
#define IRCLOAD_H
#define _GNU_SOURCE
#include <openssl/ssl.h>
#include <stdint.h>

enum { FANOUT, DM, STORM, IDLE, SLOW, MIXED, MODES };
enum { FREE, CONNECTING, HANDSHAKE, REGISTERING, JOINING, READY, CLOSING };

struct options {
    int mode;
    const char *host;
    int ports[16], nports;    /* connection i goes to port i % nports          */
    int line_port;            /* where people with nc come in                   */
    int line_every;           /* every k-th connection is one of them, 0 = none */
    int n;                    /* members / 2 x pairs / clients                  */
    int senders;              /* fan-out: how many of the members talk          */
    int slow;                 /* slow: how many of the members stop reading     */
    long msgs;                /* per repeat                                     */
    int window;               /* messages in flight (fan-out: all; dm: a pair)  */
    double rate;              /* fan-out: msgs/s in total; 0 = closed loop      */
    int size;                 /* bytes of text in a message                     */
    int repeats;
    double seconds;           /* resize msgs so that a repeat lasts this long    */
    int inflight;             /* connections being set up at a time             */
    int room;                 /* storm/idle: members per channel, 0 = no JOIN   */
    int tls;                  /* 0 or 1                                         */
    int resume;               /* storm: offer TLS session resumption            */
    int churn;                /* storm: QUIT as soon as joined                  */
    double hold;              /* idle: seconds before memory is read            */
    int warm;                 /* idle: connections before the baseline          */
    int deadline;             /* seconds for the whole run                      */
    const char *caps;         /* CAP REQ this ...                               */
    int caps_every;           /* ... on every k-th connection                   */
    const char *pass, *nick, *channel, *label;
    int pids[16], npids;      /* server processes: CPU and RSS are read         */
    int cpu;                  /* pin to this core, -1 = no                      */
    double settle;            /* quiet seconds that end the join phase          */
    unsigned seed;            /* mixed: what happens                            */
    int verbose;
};

struct conn {
    int fd, idx, state, want_out;
    int line;                 /* on the line wire, as with nc    */
    int past;                 /* is shown what was said earlier  */
    int stopped;              /* does not read                   */
    SSL *ssl;
    char *carry;              /* an unfinished line */
    int ncarry;
    char *out;                /* unsent bytes       */
    int nout, cout, dirty;
    uint32_t *last;           /* last message id seen, by sender */
    uint64_t t0;
    long got;                 /* messages received in this repeat */
};

struct mark {
    uint64_t t;
    double cpu, user, own;
    long rss;
};

extern struct options o;
extern struct conn *conns;
extern int nfailed;
extern long sent, received, bad;
extern uint32_t id_base;      /* id of the first message of this repeat */

void die(const char *fmt, ...);
void blame(struct conn *c, const char *what);
void put(struct conn *c, const char *fmt, ...);
void say(struct conn *c, const char *target, int sender);
void turn(int timeout_ms);
void settle(double quiet);
void connect_range(int from, int to);
void begin(long deliveries);
void mark(struct mark *m);
void report(const char *unit, long count, struct mark *a, struct mark *b, int ok);

/* mixed.c: people who come to rooms, go, and talk there and in private */
void run_mixed(void);
void mixed_delivered(struct conn *c, uint32_t message);
void mixed_moved(struct conn *c, const char *channel);
#endif
