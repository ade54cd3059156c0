//! A proxy, if one is set, and no other way.

use okx_http::{ClientConfig, OkxHttpClient};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    net::TcpListener,
};

use crate::support::{arrived, config, soon, start, unlimited};

#[tokio::test]
async fn all_requests_go_through_the_proxy() {
    let server = start(unlimited());
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback can be listened on");
    let address = listener.local_addr().expect("it listens");
    let proxy = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.expect("the client comes here");
        let mut lines = Vec::new();
        let mut reader = BufReader::new(&mut stream);
        loop {
            let mut line = String::new();
            reader.read_line(&mut line).await.expect("a request comes whole");
            if line.trim().is_empty() {
                break;
            }
            lines.push(line.trim().to_owned());
        }
        let body = r#"{"code":"0","msg":"","data":[{"ts":"7"}]}"#;
        let answer = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}", body.len());
        stream.write_all(answer.as_bytes()).await.expect("the client listens");
        lines
    });
    let proxy_url = Some(format!("http://user:hunter2@{address}"));
    let client = OkxHttpClient::new(ClientConfig { proxy_url, ..config(&server) }).expect("sound");
    assert_eq!(soon(client.server_time()).await, Ok(7));
    let request = soon(proxy).await.expect("no panic");
    assert_eq!(request[0], format!("GET {}/api/v5/public/time HTTP/1.1", server.rest_url()));
    assert!(request.iter().any(|line| line.to_lowercase().starts_with("proxy-authorization: basic ")));
    assert_eq!(arrived(&server, "/public/time"), 0);
    assert!(!format!("{client:?}").contains("hunter2"));
}
