# Becomes a program that the kernel confines by Landlock and filters of system calls.
#
#   perl landlock.pl [options] -- PROGRAM [ARGUMENT ...]
#   perl landlock.pl --check [options]     exit status 0 if that works here, and what the kernel knows
#
#   --ro PATH, --rx PATH, --rw PATH        what may be read, also executed, or written; may be missing
#   --filter HEX                           filter of system calls
#   --signal-filter HEX                    one more, where the kernel does not keep signals inside
#   --data BYTES, --fsize BYTES            bounds, never above those that it has already
#   --more-processes COUNT                 beside those that the user runs now
#   --nice N, --parent PID                 ends at once, if this is not its parent's
#   --version-limit N                      as an older kernel would
#
# Exit status: 126 the machine lacks something, 127 the program cannot be run, 125 wrong use.
# Needs no module, so that the smallest perl will do.

use strict;

my %options = map { $_ => [] }
  qw(ro rx rw filter signal-filter data fsize more-processes nice parent version-limit);
my $is_check;
while (@ARGV) {
    my $option = shift;
    last if $option eq '--';
    if ($option eq '--check') { $is_check = 1; next }
    my ($name) = $option =~ /^--([a-z-]+)$/;
    leave(125, "unknown option $option") unless defined $name && $options{$name} && @ARGV;
    push @{ $options{$name} }, shift;
}
leave(125, 'no program given') unless @ARGV || $is_check;
sub one { return $options{ $_[0] }[-1] }

# The numbers of system calls are those of this perl's own processor, which its ELF header names.
my ($image, $header);
open($image, '<:raw', '/proc/self/exe') && read($image, $header, 20) == 20 or leave(126, "not available: $!");
close $image;
my %numbers = (
    62  => { prctl => 157, seccomp => 317, prlimit => 302, capset => 126 },
    183 => { prctl => 167, seccomp => 277, prlimit => 261, capset => 91 },
);
my $number = $numbers{ unpack 'x18 v', $header } or leave(126, 'not available: unknown processor');
my ($landlock_create, $landlock_add, $landlock_restrict, $close_range) = (444, 445, 446, 436);

# Whatever its starter left open beside standard streams and the two channels.
syscall($close_range, 5, 0xffffffff, 0);

# Its entry by number, so that no other process is meant; it stays the same when the program takes over.
# A rule is bound to an entry that the kernel forgets when memory is short and makes anew, unless it is
# held open: hence descriptor 5, through which nothing can be opened that the rules do not allow.
my $own = open_path("/proc/$$");
if (defined $own) {
    my $is_held = fileno $own >= 5 ? fcntl($own, 2, 0) : fcntl($own, 0, 5);    # F_SETFD, F_DUPFD
    leave(126, "cannot hold its own entry: $!") unless $is_held;
}

my $version = syscall($landlock_create, 0, 0, 1);
leave(126, "not available: $!") if $version < 1;
$version = one('version-limit') + 0 if defined one('version-limit') && one('version-limit') < $version;
leave(126, 'not available: switched off') if $version < 1;

# Rights on files, by the version of Landlock that brought them.
my %right = (
    execute       => 1,
    write         => 2,
    read          => 4,
    list          => 8,
    new_character => 1 << 6,
    new_socket    => 1 << 9,
    new_block     => 1 << 11,
    move          => 1 << 13,
    truncate      => 1 << 14,
    use_device    => 1 << 15,
);
my $all = (1 << 13) - 1;
$all |= $right{move}       if $version >= 2;
$all |= $right{truncate}   if $version >= 3;
$all |= $right{use_device} if $version >= 5;
my $of_files = $right{execute} | $right{write} | $right{read} | $right{truncate} | $right{use_device};
my $devices  = $right{new_character} | $right{new_block} | $right{use_device};
my $writing  = $all & ~($right{execute} | $right{new_socket} | $devices);

# No TCP from version 4 on; from 6 on no abstract socket (1) and no signal (2) leaves.
# Some distributions count to 6 without signals.
my ($rules, $keeps_signals);
for my $scope ($version >= 6 ? (3, 1) : (0)) {
    my $attributes = pack('Q', $all) . ($version >= 4 ? pack('Q', 3) : '') . ($scope ? pack('Q', $scope) : '');
    $rules = syscall($landlock_create, $attributes, length $attributes, 0);
    $keeps_signals = $scope == 3;
    last if $rules >= 0;
}
leave(126, "not available: $!") if $rules < 0;

allow($_, $right{read} | $right{list}) for @{ $options{ro} };
allow($_, $right{read} | $right{list} | $right{execute}) for @{ $options{rx} };
allow($_, $writing) for @{ $options{rw} };
allow('/dev/null', $right{read} | $right{write});
allow($_, $right{read}) for qw(/dev/zero /dev/random /dev/urandom);
allow($_, $right{read} | $right{list}) for qw(/proc/meminfo /proc/cpuinfo /proc/stat /sys/devices/system/cpu);
add_rule($own, $right{read} | $right{list}) if defined $own;

bound(2, one('data'));
bound(1, one('fsize'));
bound(4, 0);    # no core file
bound(6, one('more-processes') + processes_of_user()) if defined one('more-processes');
setpriority(0, 0, one('nice') + 0) if defined one('nice');

# Without privileges, also for root: none effective, none permitted, none to inherit.
my ($capability_header, $no_capabilities) = (pack('LL', 0x20080522, 0), pack('L6', (0) x 6));
syscall($number->{capset}, $capability_header, $no_capabilities) == 0 or leave(126, "cannot drop privileges: $!");
syscall($number->{prctl}, 38, 1, 0, 0, 0) == 0 or leave(126, "cannot forgo new privileges: $!");
syscall($number->{prctl}, 1, 9, 0, 0, 0) == 0 or leave(126, "cannot end with its parent: $!");
exit 125 if defined one('parent') && getppid() != one('parent');    # the parent has ended before

syscall($landlock_restrict, $rules, 0) == 0 or leave(126, "not available: $!");
my @filters = (one('filter'), $keeps_signals ? undef : one('signal-filter'));
push @filters, '060000000000ff7f' if $is_check;    # one that allows everything
filter($_) for grep { defined } @filters;

if ($is_check) {
    leave(126, 'not available: it restricts nothing') if opendir(my $root, '/');
    print "landlock: version $version, ", ($keeps_signals ? 'keeps signals inside' : 'signals by filter'), "\n";
    exit 0;
}
delete $ENV{PERL_BADLANG};
exec { $ARGV[0] } @ARGV;
leave(127, "cannot run $ARGV[0]: $!");

sub leave {
    my ($status, $message) = @_;
    $message =~ s/\s+/ /g;
    print STDERR "landlock: $message\n";
    exit $status;
}

sub open_path {
    my ($path) = @_;
    my $handle;
    return sysopen($handle, $path, 0x200000 | 0x80000) ? $handle : undef;    # O_PATH, O_CLOEXEC
}

sub allow {
    my ($path, $rights) = @_;
    my $handle = open_path($path);
    add_rule($handle, $rights) if defined $handle;
}

sub add_rule {
    my ($handle, $rights) = @_;
    $rights &= $all;
    $rights &= $of_files unless -d $handle;
    my $rule = pack('Ql', $rights, fileno $handle);
    syscall($landlock_add, $rules, 1, $rule, 0) == 0 or leave(126, "cannot add a rule: $!");
}

sub bound {
    my ($resource, $value) = @_;
    return unless defined $value;
    my $bounds = pack('QQ', 0, 0);
    syscall($number->{prlimit}, 0, $resource, 0, $bounds) == 0 or leave(126, "cannot read bounds: $!");
    my (undef, $most) = unpack 'QQ', $bounds;
    $value = $most if $value > $most;
    $bounds = pack('QQ', $value, $value);
    syscall($number->{prlimit}, 0, $resource, $bounds, 0) == 0 or leave(126, "cannot set bounds: $!");
}

# Threads count too: the links of a folder are one for each folder in it, and two more.
sub processes_of_user {
    my $count = 0;
    opendir(my $processes, '/proc') or return 0;
    for my $pid (grep { /^\d+$/ } readdir $processes) {
        my @task = stat "/proc/$pid/task" or next;
        $count += $task[3] - 2 if $task[4] == $<;
    }
    return $count;
}

# In each instruction that compares with an id that nobody has, this process's own takes its place.
sub filter {
    my $program = pack 'H*', $_[0];
    for (my $at = 4; $at < length $program; $at += 8) {
        substr($program, $at, 4) = pack('V', $$) if unpack('V', substr($program, $at, 4)) == 0x7fffffff;
    }
    my $reference = pack 'S x6 P', length($program) / 8, $program;
    syscall($number->{seccomp}, 1, 0, $reference) == 0 or leave(126, "cannot filter system calls: $!");
}
