#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PORT = 7007, MOST = 64 };

static int listen_on(unsigned short port)
{
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    int yes = 1;
    struct sockaddr_in address = {
        .sin_family = AF_INET,
        .sin_port = htons(port),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
    };
    if (fd < 0)
        return -1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(fd, (struct sockaddr *)&address, sizeof address) < 0 || listen(fd, 16) < 0) {
        close(fd);
        return -1;
    }
    return fd;
}

static int echo(int fd)
{
    char buffer[4096];
    ssize_t n = read(fd, buffer, sizeof buffer);
    for (ssize_t sent = 0; sent < n;) {
        ssize_t m = write(fd, buffer + sent, (size_t)(n - sent));
        if (m < 0 && errno != EINTR)
            return -1;
        if (m > 0)
            sent += m;
    }
    return n > 0 ? 0 : -1;
}

int main(void)
{
    struct pollfd fds[MOST] = {{.fd = listen_on(PORT), .events = POLLIN}};
    nfds_t count = 1;

    if (fds[0].fd < 0) {
        perror("listen");
        return 1;
    }
    while (poll(fds, count, -1) >= 0 || errno == EINTR) {
        for (nfds_t i = count; i-- > 1;) {
            if (fds[i].revents && echo(fds[i].fd) < 0) {
                close(fds[i].fd);
                fds[i] = fds[--count];
            }
        }
        if (fds[0].revents & POLLIN && count < MOST) {
            int client = accept(fds[0].fd, NULL, NULL);
            if (client >= 0)
                fds[count++] = (struct pollfd){.fd = client, .events = POLLIN};
        }
    }
    perror("poll");
    return 1;
}
