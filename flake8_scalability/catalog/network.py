"""Hosts and servers behind a protocol: SSH, SFTP, FTP, LDAP, IMAP, POP, NNTP, Telnet, DNS, sockets and WebSockets.

Sources: docs.python.org/3/library, docs.paramiko.org, docs.fabfile.org, ktbyers.github.io/netmiko,
asyncssh.readthedocs.io, ldap3.readthedocs.io, www.python-ldap.org, imapclient.readthedocs.io, dnspython.readthedocs.io,
pyzmq.readthedocs.io, websocket-client.readthedocs.io, websockets.readthedocs.io.
"""

from __future__ import annotations

from flake8_scalability.catalog.rows import Api, Deadline, Effect, Resource, System

_FIRST = Deadline(position=0)
_SECOND = Deadline(position=1)
_THIRD = Deadline(position=2)
_KEYWORD = Deadline()

_SFTP = "paramiko.SFTPClient()"

SSH = (
    Api("paramiko.{,client.}SSHClient", System.SSH, makes=Resource.SERVICE_CLIENT, returns="paramiko.SSHClient()"),
    Api("paramiko.SSHClient().connect", System.SSH, blocks=True, deadline=Deadline(position=6)),
    # It returns at once; what is read from its result waits, and the timeout bounds that.
    Api("paramiko.SSHClient().exec_command", System.SSH, blocks=True, deadline=_THIRD),
    Api("paramiko.SSHClient().open_sftp", System.SSH, blocks=True, returns=_SFTP),
    Api("paramiko.SSHClient().invoke_shell", System.SSH, blocks=True),
    Api("paramiko.{,transport.}Transport", System.SSH, makes=Resource.SERVICE_CLIENT, blocks=True),
    Api(
        "paramiko.{,transport.}Transport().{connect,start_client,auth_password,auth_publickey}", System.SSH, blocks=True
    ),
    Api("paramiko.{,sftp_client.}SFTPClient.from_transport", System.SSH, blocks=True, returns=_SFTP),
    # An SFTP client has the methods of a file system; `scp` and pysftp have some of the same names.
    Api(
        _SFTP + ".{get,getfo,listdir,listdir_attr,listdir_iter,stat,open} pysftp.Connection().{get,get_d,get_r,listdir,"
        "listdir_attr,exists,open} scp.SCPClient().get",
        System.SSH,
        effect=Effect.READ,
        blocks=True,
    ),
    Api(
        _SFTP
        + ".{put,putfo,remove,rename,mkdir,rmdir,unlink,posix_rename} pysftp.Connection().{put,put_d,put_r,remove,"
        "rename,mkdir,makedirs,execute} scp.SCPClient().put",
        System.SSH,
        effect=Effect.WRITE,
        blocks=True,
    ),
    Api("pysftp.Connection", System.SSH, makes=Resource.SERVICE_CLIENT, blocks=True),
    Api("fabric.{,connection.}Connection", System.SSH, makes=Resource.SERVICE_CLIENT),
    Api(
        "fabric.{,connection.}Connection().{run,sudo}",
        System.SSH,
        effect=Effect.WRITE,
        blocks=True,
        deadline=Deadline(("timeout", "asynchronous", "disown"), client=("config",)),
    ),
    Api("fabric.{,connection.}Connection().{open,get,put}", System.SSH, blocks=True),
    # 10 s to connect, 10 s to read
    Api("netmiko.{ConnectHandler,ConnLogOnly}", System.SSH, makes=Resource.SERVICE_CLIENT, blocks=True),
    Api("netmiko.ConnectHandler().{send_command,send_command_timing}", System.SSH, effect=Effect.READ, blocks=True),
    Api(
        "netmiko.ConnectHandler().{send_config_set,send_config_from_file,save_config,commit}",
        System.SSH,
        effect=Effect.WRITE,
        blocks=True,
    ),
    # 2 min to log in
    Api("asyncssh.{,connection.}connect", System.SSH, makes=Resource.SERVICE_CLIENT),
    Api("asyncssh.{,connection.}connect().run", System.SSH, effect=Effect.WRITE, deadline=_KEYWORD),
)

FTP = (
    # Without a host the constructor does not connect; `connect` uses its timeout unless it is given another.
    Api("ftplib.FTP", System.SSH, blocks=True, deadline=Deadline(position=4, connects_with="host")),
    Api(
        "ftplib.FTP_TLS",
        System.SSH,
        blocks=True,
        deadline=Deadline(position=7, connects_with="host"),
        returns="ftplib.FTP()",
    ),
    Api("ftplib.FTP().connect", System.SSH, blocks=True, deadline=Deadline(position=2, client=("timeout",))),
    Api("ftplib.FTP().{login,quit,prot_p}", System.SSH, blocks=True),
    Api("ftplib.FTP().{retrbinary,retrlines,nlst,mlsd,dir,size,cwd,pwd}", System.SSH, effect=Effect.READ, blocks=True),
    Api(
        "ftplib.FTP().{storbinary,storlines,delete,mkd,rmd,rename,sendcmd}",
        System.SSH,
        effect=Effect.WRITE,
        blocks=True,
    ),
)

_LDAP = "ldap3.Connection()"

DIRECTORIES = (
    # ldap3 waits for answers for ever; the operating system bounds the connecting.
    Api(
        "ldap3.{,core.connection.}Connection",
        System.DIRECTORY,
        makes=Resource.DATABASE_CONNECTION,
        deadline=Deadline(("receive_timeout",), position=21),
        returns=_LDAP,
    ),
    Api(_LDAP + ".{bind,open,rebind,start_tls,unbind}", System.DIRECTORY, blocks=True),
    Api(
        _LDAP + ".{search,compare} " + _LDAP + ".extend.standard.{paged_search,who_am_i}",
        System.DIRECTORY,
        effect=Effect.READ,
        blocks=True,
    ),
    Api(
        _LDAP + ".{add,modify,modify_dn,delete} " + _LDAP + ".extend.{standard,microsoft}.modify_password",
        System.DIRECTORY,
        effect=Effect.WRITE,
        blocks=True,
    ),
    # python-ldap connects when it is first asked; its bounds are options: OPT_NETWORK_TIMEOUT and OPT_TIMEOUT.
    Api(
        "ldap.{initialize,open} ldap.ldapobject.{LDAPObject,SimpleLDAPObject,ReconnectLDAPObject}",
        System.DIRECTORY,
        makes=Resource.DATABASE_CONNECTION,
        returns="ldap.initialize()",
    ),
    Api(
        "ldap.initialize().{bind_s,simple_bind_s,sasl_interactive_bind_s,start_tls_s,unbind_s,result,result3}",
        System.DIRECTORY,
        blocks=True,
    ),
    Api(
        "ldap.initialize().{search_s,search_st,search_ext_s,compare_s,whoami_s,read_s}",
        System.DIRECTORY,
        effect=Effect.READ,
        blocks=True,
    ),
    Api(
        "ldap.initialize().{add_s,modify_s,modify_ext_s,delete_s,rename_s,passwd_s}",
        System.DIRECTORY,
        effect=Effect.WRITE,
        blocks=True,
    ),
)

MAILBOXES = (
    Api("imaplib.IMAP4", System.MAIL, blocks=True, deadline=_THIRD),
    Api("imaplib.IMAP4_SSL", System.MAIL, blocks=True, deadline=Deadline(position=5), returns="imaplib.IMAP4()"),
    Api(
        "imaplib.IMAP4().{login,authenticate,select,search,fetch,uid,list,status,store,copy,append,expunge,noop,logout}",
        System.MAIL,
        blocks=True,
    ),
    Api("poplib.POP3", System.MAIL, blocks=True, deadline=_THIRD),
    Api("poplib.POP3_SSL", System.MAIL, blocks=True, deadline=Deadline(position=4), returns="poplib.POP3()"),
    Api("poplib.POP3().{user,pass_,apop,stat,list,retr,top,dele,uidl,stls,quit}", System.MAIL, blocks=True),
    Api(
        "imap_tools.{,mailbox.}{MailBox,MailBoxUnencrypted,MailBoxStartTls}", System.MAIL, blocks=True, deadline=_THIRD
    ),
    Api("imapclient.{,imapclient.}IMAPClient", System.MAIL, blocks=True, deadline=Deadline(position=6)),
    Api(
        "imapclient.{,imapclient.}IMAPClient().{login,select_folder,search,fetch,move,copy,delete_messages,expunge,append,"
        "add_flags,set_flags}",
        System.MAIL,
        blocks=True,
    ),
    Api("nntplib.NNTP", System.SOCKET, blocks=True, deadline=Deadline(position=6)),
    Api("nntplib.NNTP_SSL", System.SOCKET, blocks=True, deadline=Deadline(position=7), returns="nntplib.NNTP()"),
)

SOCKETS = (
    Api("socket.create_connection", System.SOCKET, blocks=True, deadline=_SECOND, returns="socket.socket()"),
    Api(
        "socket.socket().connect",
        System.SOCKET,
        blocks=True,
        deadline=Deadline((), advice="call settimeout() on the socket first"),
    ),
    Api("socket.socket().{accept,recv,recvfrom,recv_into,sendall}", System.SOCKET, blocks=True),
    # Names are looked up by the C library, which no argument bounds.
    Api(
        "socket.{getaddrinfo,gethostbyname,gethostbyname_ex,gethostbyaddr,getfqdn,getnameinfo}",
        System.SOCKET,
        blocks=True,
    ),
    Api("ssl.get_server_certificate", System.SOCKET, blocks=True, deadline=Deadline(position=3)),
    # Without a host the constructor does not connect.
    Api("telnetlib.Telnet", System.SOCKET, blocks=True, deadline=Deadline(position=2, connects_with="host")),
    Api("telnetlib.Telnet().{read_until,expect}", System.SOCKET, blocks=True, deadline=_SECOND),
    Api("telnetlib.Telnet().{read_all,read_some,interact}", System.SOCKET, blocks=True),
    # 5 s for a look-up; a message of one's own has no bound.
    Api(
        "dns.resolver.{resolve,query,resolve_address} dns.resolver.Resolver().{resolve,query,resolve_address}",
        System.SOCKET,
        effect=Effect.READ,
        blocks=True,
    ),
    Api("dns.query.{udp,tcp,tls,https,udp_with_fallback}", System.SOCKET, blocks=True, deadline=_THIRD),
    # 10 s and 5 s
    Api("whois.whois", System.SOCKET, effect=Effect.READ, blocks=True),
    Api(
        "ntplib.NTPClient().request",
        System.SOCKET,
        effect=Effect.READ,
        blocks=True,
        deadline=Deadline(position=3, sane=True),
    ),
    Api(
        "websocket.{,_core.}create_connection",
        System.SOCKET,
        blocks=True,
        deadline=_SECOND,
        returns="websocket.WebSocket()",
    ),
    Api("websocket.WebSocket().connect", System.SOCKET, blocks=True, deadline=_KEYWORD),
    Api("websocket.WebSocket().recv", System.SOCKET, blocks=True),
    # 10 s
    Api(
        "websockets.sync.client.{connect,unix_connect}",
        System.SOCKET,
        blocks=True,
        deadline=Deadline(("open_timeout",), sane=True),
    ),
    Api("websockets.sync.client.connect().recv", System.SOCKET, blocks=True),
    Api("socketio.{,client.}Client().{connect,call,wait}", System.SOCKET, blocks=True),
    # pyzmq: RCVTIMEO and SNDTIMEO are options.
    Api(
        "zmq.{Context,Context.instance}().socket().{recv,recv_json,recv_string,recv_multipart,recv_pyobj}",
        System.SOCKET,
        blocks=True,
    ),
    Api("zmq.{Context,Context.instance}().socket().poll", System.SOCKET, blocks=True, deadline=_FIRST),
)

ROWS: tuple[Api, ...] = (*SSH, *FTP, *DIRECTORIES, *MAILBOXES, *SOCKETS)
