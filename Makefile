# Accord's targets. `make help` lists them; each is one line of something you could type yourself.

.DEFAULT_GOAL := help
FLAGS := -trimpath -tags=lambda.norpc '-ldflags=-s -w'

help: ## list the targets
	@grep -E '^[a-z]+:.*##' Makefile | sed -E 's/:[^#]*## /\t/' | expand -t 12

demo: ## play the whole story on this machine, with nothing but Go
	go run ./cmd/accord demo

test: ## every test; fetches what they need into .tools, and names what could not be had
	.ci/test

lint: ## gofmt, go vet and the chosen linters
	test -z "$$(gofmt -l $$(git ls-files '*.go'))"
	go vet ./...
	go run github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0 run

bench: ## the figures of docs/design.md: name, value, unit, ratio, goal, met or short
	.ci/bench

detection: ## docs/detection/: what the detectors find, and whom they accuse
	.ci/detection

build: ## bin/accord, and each function as the SAM CLI builds it
	CGO_ENABLED=0 go build -trimpath -o bin/accord ./cmd/accord
	CGO_ENABLED=0 GOFLAGS="-tags=lambda.norpc '-ldflags=-s -w'" sam build

deploy: build ## deploy with the settings of samconfig.toml; CONFIG=staging or prod for those
	sam deploy --config-env $(or $(CONFIG),default)

.PHONY: help demo test lint bench detection build deploy
